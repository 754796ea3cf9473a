-- Per diem lines that carry a drug's NDC.
with doubtful_lines as (
    select claim_id, paid_amount from per_diem_claim_lines
    where ndc_code is not null
)

select
    count(*) as line_count, count(distinct claim_id) as claim_count,
    cast(coalesce(sum(paid_amount), 0) as decimal(18, 2)) as paid_amount,
    (select count(*) from per_diem_claim_lines) as population_count
from doubtful_lines
