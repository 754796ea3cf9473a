-- Lines whose procedure code looks like a National Drug Code: ten or eleven digits, with hyphens or without.
with doubtful_lines as (
    select claim_id, paid_amount from typed_rows
    where regexp_matches(hcpcs_code, '^[0-9]{4,5}-?[0-9]{3,4}-?[0-9]{1,2}$') and length(hcpcs_code) >= 10
)

select
    count(*) as line_count, count(distinct claim_id) as claim_count,
    cast(coalesce(sum(paid_amount), 0) as decimal(18, 2)) as paid_amount,
    (select count(hcpcs_code) from typed_rows) as population_count
from doubtful_lines
