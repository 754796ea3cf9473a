-- Per diem lines whose units cannot be days: fractions, or at least twice the days of the line.
with unlike_days as (
    select
        claim_id, paid_amount,
        service_unit_quantity <> floor(service_unit_quantity) or service_unit_quantity >= 2 * day_count as is_unlike
    from per_diem_claim_lines
    where service_unit_quantity > 0
)

select
    count(*) filter (where is_unlike) as line_count,
    count(distinct claim_id) filter (where is_unlike) as claim_count,
    cast(coalesce(sum(paid_amount) filter (where is_unlike), 0) as decimal(18, 2)) as paid_amount,
    count(*) as population_count
from unlike_days
