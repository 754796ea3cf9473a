-- Each gate, in the order in which lines pass it: the lines and dollars that it took out or changed.
with gate_entries as (
    select
        unnest(cast(body -> 'gates' as json[])) as entry,
        generate_subscripts(cast(body -> 'gates' as json[]), 1) as position
    from manifest
)

select
    position,
    entry ->> 'gate' as gate,
    entry ->> 'title' as title,
    cast(entry ->> 'line_count' as bigint) as line_count,
    cast(entry ->> 'paid_amount' as decimal(18, 2)) as paid_amount
from gate_entries
order by position
