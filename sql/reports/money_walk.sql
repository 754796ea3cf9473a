-- The road of the money in two walks that meet in the net overpaid dollars: from the paid total of the file, and from
-- what the rules decided. Steps are signed; the balance after a step is what is left; a total restates it.
with walk_rows as (
    select
        'paid' as walk,
        *
    from paid_walk
    union all by name
    select
        'paid' as walk,
        11 as position,
        'net_overpaid' as step,
        'total' as kind,
        'Potential overpayment, net' as title,
        coalesce(sum(net_overpaid_amount), 0.00) as amount,
        count(*) filter (where net_overpaid_amount > 0) as line_count
    from line_exposure
    union all by name
    select
        'overpayment' as walk,
        *
    from overpayment_walk
),

starts as (
    select
        walk,
        min(position) as position
    from walk_rows
    where kind = 'total'
    group by walk
)

select
    walk_rows.walk,
    walk_rows.position,
    walk_rows.step,
    walk_rows.kind,
    walk_rows.title,
    cast(coalesce(walk_rows.amount, 0) as decimal(18, 2)) as step_amount,
    case when walk_rows.kind <> 'part' then cast(sum(
        case
            when walk_rows.kind = 'step' or walk_rows.position = starts.position then coalesce(walk_rows.amount, 0)
            else 0
        end
    ) over (
        partition by walk_rows.walk
        order by walk_rows.position
        rows between unbounded preceding and current row
    ) as decimal(18, 2)) end as balance_amount,
    cast(walk_rows.line_count as bigint) as line_count
from walk_rows
inner join starts on walk_rows.walk = starts.walk
order by walk_rows.walk desc, walk_rows.position
