-- Lines that last more than a year.
with doubtful_lines as (
    select claim_id, paid_amount from typed_rows
    where claim_line_end_date > claim_line_start_date + 365
)

select
    count(*) as line_count, count(distinct claim_id) as claim_count,
    cast(coalesce(sum(paid_amount), 0) as decimal(18, 2)) as paid_amount,
    (select count(*) from typed_rows) as population_count
from doubtful_lines
