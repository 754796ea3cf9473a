-- Rows of the source that could not be read; their claims and dollars are not known, which is not to say that there
-- are none.
select
    (select count(*) from rejected_rows) as line_count,
    cast(null as bigint) as claim_count,
    cast(null as decimal(18, 2)) as paid_amount,
    (select count(*) from rejected_rows) + claims_totals.line_count as population_count
from claims_totals
