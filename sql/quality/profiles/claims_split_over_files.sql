-- Claims whose lines came in more than one file.
with split_claims as (
    select line_count, paid_amount from claim_totals
    where first_file <> last_file
)

select
    cast(coalesce(sum(line_count), 0) as bigint) as line_count, count(*) as claim_count,
    cast(coalesce(sum(paid_amount), 0) as decimal(18, 2)) as paid_amount,
    (select cast(coalesce(sum(line_count), 0) as bigint) from claim_totals) as population_count
from split_claims
