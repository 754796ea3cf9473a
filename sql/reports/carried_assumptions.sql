-- Each absent or empty column that a gate needs: what was assumed in its place, and what rests on that.
with assumption_entries as (
    select unnest(cast(body -> 'assumptions' as json[])) as entry
    from manifest
)

select
    entry ->> 'column' as column_name,
    entry ->> 'assumed' as assumed,
    cast(entry ->> 'line_count' as bigint) as line_count,
    cast(entry ->> 'paid_amount' as decimal(18, 2)) as paid_amount,
    cast(entry ->> 'overpayment_line_count' as bigint) as overpayment_line_count,
    cast(entry ->> 'overpayment_amount' as decimal(18, 2)) as overpayment_amount
from assumption_entries
order by overpayment_amount desc nulls last, column_name asc
