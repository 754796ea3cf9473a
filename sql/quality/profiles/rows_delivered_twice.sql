-- Rows of claims that a rule can use, delivered again with the same values: lines, claims and dollars beyond the first.
with repeated_rows as (
    select claim_id, claim_line_number, count(*) as row_count, max(paid_amount) as paid_amount
    from audited_rows
    where coalesce(paid_amount, 0) >= 0
    group by
        claim_id, claim_line_number, member_id, claim_line_start_date, claim_line_end_date, hcpcs_code,
        service_unit_quantity, paid_amount, allowed_amount, charge_amount, paid_date, claim_frequency_code,
        hcpcs_modifier_1, hcpcs_modifier_2, ndc_code
    having count(*) > 1
)

select
    cast(coalesce(sum(row_count - 1), 0) as bigint) as line_count,
    count(distinct claim_id) as claim_count,
    cast(coalesce(sum(paid_amount * (row_count - 1)), 0) as decimal(18, 2)) as paid_amount,
    (select count(*) from audited_rows) as population_count
from repeated_rows
