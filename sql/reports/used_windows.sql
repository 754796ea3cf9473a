-- The in-force windows that the run judged by, one row per group of rules.
with window_entries as (
    select unnest(cast(body -> 'policy_windows' as json[])) as entry
    from manifest
)

select
    entry ->> 'group' as window_group,
    cast(entry ->> 'not_in_force_before' as date) as not_in_force_before,
    cast(entry ->> 'overpayment_from' as date) as overpayment_from,
    entry ->> 'policy_text' as policy_text,
    entry ->> 'earlier_policy_text' as earlier_policy_text
from window_entries
order by window_group, not_in_force_before
