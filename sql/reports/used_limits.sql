-- One row per lookback limit of the plan, also those that no finding met.
with limit_entries as (
    select unnest(cast(body -> 'lookback_limits' as json[])) as entry
    from manifest
)

select
    cast(entry ->> 'row' as bigint) as limit_row,
    coalesce(entry ->> 'line_of_business', 'all') as line_of_business,
    coalesce(entry ->> 'state', 'all') as state,
    cast(entry ->> 'months' as bigint) as months,
    case entry ->> 'counted_from' when 'paid' then 'paid date' else 'first day of service' end as counted_from,
    replace(entry ->> 'exempt_rules', ';', ', ') as exempt_rules,
    entry ->> 'citation' as citation,
    cast(entry ->> 'finding_count' as bigint) as finding_count
from limit_entries
order by limit_row
