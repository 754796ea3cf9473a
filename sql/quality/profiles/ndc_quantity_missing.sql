-- Lines with a drug's NDC and no quantity of it.
with doubtful_lines as (
    select claim_id, paid_amount from claim_lines
    where ndc_code is not null and ndc_quantity is null
)

select
    count(*) as line_count, count(distinct claim_id) as claim_count,
    cast(coalesce(sum(paid_amount), 0) as decimal(18, 2)) as paid_amount,
    (select count(ndc_code) from claim_lines) as population_count
from doubtful_lines
