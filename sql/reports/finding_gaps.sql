-- What the lines of the findings that the filters keep do not state, of the fields that rules, gates or letters need: a
-- line counts once, with what is left of it once every rule has been heard.
with finding_lines as (
    select
        claim_lines.*,
        selected_exposure.net_overpaid_amount,
        selected_exposure.net_review_amount
    from selected_exposure
    inner join claim_lines
        on
        selected_exposure.claim_id = claim_lines.claim_id
        and selected_exposure.claim_line_number = claim_lines.claim_line_number
),

fields as (
    select
        *,
        unnest([
            'billing_tin or billing_npi', 'service_unit_quantity', 'place_of_service_code', 'paid_date',
            'line_of_business', 'funding', 'allowed_amount', 'diagnosis codes of the line'
        ]) as column_name,
        unnest([
            provider_id like 'claim %', service_unit_quantity is null, place_of_service_code is null,
            paid_date is null, line_of_business is null, funding is null, allowed_amount is null, diagnosis_codes = ''
        ]) as is_missing
    from finding_lines
)

select
    column_name,
    count(*) filter (where is_missing) as missing_count,
    count(*) as row_count,
    cast(coalesce(sum(net_overpaid_amount) filter (where is_missing), 0) as decimal(18, 2)) as net_overpaid_amount,
    cast(coalesce(sum(net_review_amount) filter (where is_missing), 0) as decimal(18, 2)) as net_review_amount
from fields
group by column_name
having count(*) filter (where is_missing) > 0
order by net_overpaid_amount desc, net_review_amount desc, column_name
