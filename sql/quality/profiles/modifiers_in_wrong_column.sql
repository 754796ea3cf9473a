-- Lines with a modifier behind the procedure code, or with more or less than one in a modifier's column.
with doubtful_lines as (
    select claim_id, paid_amount from typed_rows
    where
        regexp_matches(hcpcs_code, '^[A-Z0-9][0-9]{3}[A-Z0-9][- ]?[A-Z0-9]{2}$')
        or length(hcpcs_modifier_1) <> 2 or length(hcpcs_modifier_2) <> 2 or length(hcpcs_modifier_3) <> 2
        or length(hcpcs_modifier_4) <> 2 or length(hcpcs_modifier_5) <> 2
)

select
    count(*) as line_count, count(distinct claim_id) as claim_count,
    cast(coalesce(sum(paid_amount), 0) as decimal(18, 2)) as paid_amount,
    (select count(*) from typed_rows) as population_count
from doubtful_lines
