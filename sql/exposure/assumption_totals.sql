-- Absent values that a gate or every rule needs: what was assumed instead, on how many lines, and the overpayment that
-- rests on it.
with defaulted_lines as (
    select 'line_of_business' as column_name, 'commercial' as assumed, claim_id, claim_line_number, paid_amount
    from claim_lines
    where line_of_business is null
    union all
    select 'funding', 'insured', claim_id, claim_line_number, paid_amount from claim_lines
    where funding is null
    union all
    select 'other_payer_paid_amount', 'no other payer', claim_id, claim_line_number, paid_amount from claim_lines
    where other_payer_paid_amount is null
    union all
    select 'claim_line_status', 'paid unless paid and allowed are both 0', claim_id, claim_line_number, paid_amount
    from claim_lines
    where claim_line_status is null
    union all
    select 'claim_frequency_code', 'neither a replacement nor a void', claim_id, claim_line_number, paid_amount
    from claim_lines
    where frequency_code is null
    union all
    select 'paid_date', 'earlier than any other', claim_id, claim_line_number, paid_amount from claim_lines
    where paid_date is null
    union all
    select 'place_of_service_code', 'home, where a rule allows it', claim_id, claim_line_number, paid_amount
    from claim_lines
    where place_code is null
    union all
    select 'billing_tin', 'the claim stands alone', claim_id, claim_line_number, paid_amount from claim_lines
    where not has_provider
    union all
    select 'claim_line_start_date', 'the days of the whole claim', claim_id, claim_line_number, paid_amount
    from claim_lines
    where is_date_from_claim
    union all
    select 'claim_line_end_date', 'the first day alone', claim_id, claim_line_number, paid_amount from claim_lines
    where not has_through_date
    union all
    -- Where no line has one, nobody can tell lines without a modifier from claims that never had the columns.
    select 'hcpcs_modifier_1', 'no modifier on any line', claim_id, claim_line_number, paid_amount from claim_lines
    where not exists (select 1 from claim_lines as lines_with_modifiers where lines_with_modifiers.modifiers <> '')
)

select
    defaulted_lines.column_name, defaulted_lines.assumed, count(*) as line_count,
    cast(sum(defaulted_lines.paid_amount) as decimal(18, 2)) as paid_amount,
    count(*) filter (where line_exposure.net_overpaid_amount > 0) as overpayment_line_count,
    cast(coalesce(sum(line_exposure.net_overpaid_amount), 0) as decimal(18, 2)) as overpayment_amount
from defaulted_lines
left join line_exposure
    on defaulted_lines.claim_id = line_exposure.claim_id
    and defaulted_lines.claim_line_number = line_exposure.claim_line_number
group by defaulted_lines.column_name, defaulted_lines.assumed
