-- Lines that were allowed more than was charged.
with doubtful_lines as (
    select claim_id, paid_amount from typed_rows
    where allowed_amount > charge_amount and charge_amount > 0
)

select
    count(*) as line_count, count(distinct claim_id) as claim_count,
    cast(coalesce(sum(paid_amount), 0) as decimal(18, 2)) as paid_amount,
    (select count(charge_amount) from typed_rows) as population_count
from doubtful_lines
