-- Claims with a line whose paid amount is the sum of all the other lines': a total line, so that each dollar is there
-- twice. Only claims of three paid lines or more: two equal lines are no total.
with total_claims as (
    select most_amount from claim_totals
    where paid_line_count > 2 and least_amount >= 0 and most_amount * 2 = paid_amount
)

select
    count(*) as line_count, count(*) as claim_count,
    cast(coalesce(sum(most_amount), 0) as decimal(18, 2)) as paid_amount,
    (select cast(coalesce(sum(line_count), 0) as bigint) from claim_totals) as population_count
from total_claims
