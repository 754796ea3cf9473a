-- Rows, of claims that a rule can use, that share their line number with a row of another service: each is paid.
select
    cast(coalesce(sum(row_count), 0) as bigint) as line_count, count(distinct claim_id) as claim_count,
    cast(coalesce(sum(paid_amount), 0) as decimal(18, 2)) as paid_amount,
    (select count(*) from audited_rows) as population_count
from lines_of_unlike_rows
