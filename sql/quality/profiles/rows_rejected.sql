-- Rows of the source that could not be read; their dollars are not known.
select
    (select count(*) from rejected_rows) as line_count,
    0 as claim_count,
    cast(0 as decimal(18, 2)) as paid_amount,
    (select count(*) from rejected_rows) + claims_totals.line_count as population_count
from claims_totals
