-- The steps of the walk from what the rules decided to what can be recovered, in their order, with their words: the
-- overlap between rules, the gates that stop an overpayment, what reviewers settled (where they settled anything), and
-- the time that is left.
with steps as (
    select
        1 as part,
        1 as place,
        'overlap' as step,
        'Overlap: lines that several rules name' as title
    union all by name
    select
        2 as part,
        gate_order as place,
        gate as step,
        walk_title as title
    from gates
    where walk_title is not null
    union all by name
    select
        3 as part,
        1 as place,
        'recovered' as step,
        'Recovered already' as title
    where exists (select 1 from settled_findings)
    union all by name
    select
        3 as part,
        2 as place,
        'given_up' as step,
        'Overturned or written off by reviewers' as title
    where exists (select 1 from settled_findings)
    union all by name
    select
        4 as part,
        1 as place,
        'time_barred' as step,
        'Time-barred by the lookback limits' as title
    union all by name
    select
        4 as part,
        2 as place,
        'unknown' as step,
        'Unknown whether it is still in time' as title
)

select
    row_number() over (order by part, place) - 1 as step_order,
    step,
    title
from steps
