-- Every expectation of the run with what came of it, the gravest first.
with entries as (
    select
        unnest(cast(body -> 'expectations' as json[])) as entry,
        generate_subscripts(cast(body -> 'expectations' as json[]), 1) as position
    from quality
)

select
    position,
    entry ->> 'suite' as suite,
    entry ->> 'id' as expectation,
    entry ->> 'sentence' as sentence,
    entry ->> 'severity' as severity,
    entry ->> 'status' as status,
    cast(entry ->> 'element_count' as bigint) as element_count,
    cast(entry ->> 'unexpected_count' as bigint) as unexpected_count,
    cast(entry ->> 'unexpected_percent' as decimal(9, 4)) as unexpected_percent,
    cast(entry ->> 'allowed_percent' as decimal(9, 4)) as allowed_percent,
    cast(entry ->> 'paid_amount' as decimal(18, 2)) as paid_amount,
    coalesce(nullif(entry ->> 'explanation', ''), entry ->> 'consequence') as consequence
from entries
order by
    case entry ->> 'status' when 'ERROR' then 1 when 'FAIL' then 2 else 3 end,
    case entry ->> 'severity' when 'critical' then 1 when 'warning' then 2 else 3 end,
    position
