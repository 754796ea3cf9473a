-- One row per recovery status and one total: potential overpayment and needs review, never added together.
-- A line's contingent dollars are counted with its recoverable ones first, so that the firm sum is not overstated.
with statuses as (
    select
        unnest(['recoverable', 'unknown', 'time_barred']) as recovery_status,
        generate_subscripts(['recoverable', 'unknown', 'time_barred'], 1) as position
),

overpaid_parts as (
    select
        'recoverable' as recovery_status,
        recoverable_amount as net_overpaid_amount,
        least(recoverable_amount, contingent_overpaid_amount) as contingent_overpaid_amount
    from line_recovery
    where is_overpaid
    union all by name
    select
        'unknown' as recovery_status,
        unknown_amount as net_overpaid_amount,
        least(unknown_amount, greatest(contingent_overpaid_amount - recoverable_amount, 0.00))
            as contingent_overpaid_amount
    from line_recovery
    where is_overpaid
    union all by name
    select
        'time_barred' as recovery_status,
        time_barred_amount as net_overpaid_amount,
        greatest(contingent_overpaid_amount - recoverable_amount - unknown_amount, 0.00) as contingent_overpaid_amount
    from line_recovery
    where is_overpaid
),

overpaid_totals as (
    select
        recovery_status,
        count(*) filter (where net_overpaid_amount > 0) as overpaid_line_count,
        sum(net_overpaid_amount) as net_overpaid_amount,
        sum(contingent_overpaid_amount) as contingent_overpaid_amount
    from overpaid_parts
    group by recovery_status
),

review_totals as (
    select
        review_status as recovery_status,
        count(*) filter (where net_review_amount > 0) as review_line_count,
        sum(net_review_amount) as net_review_amount
    from line_recovery
    where is_under_review
    group by review_status
)

select
    case when grouping(statuses.recovery_status) = 1 then 'all' else statuses.recovery_status end as recovery_status,
    cast(coalesce(sum(overpaid_totals.overpaid_line_count), 0) as bigint) as overpaid_line_count,
    cast(coalesce(sum(overpaid_totals.net_overpaid_amount), 0) as decimal(18, 2)) as net_overpaid_amount,
    cast(coalesce(sum(overpaid_totals.contingent_overpaid_amount), 0) as decimal(18, 2))
        as contingent_overpaid_amount,
    cast(coalesce(sum(review_totals.review_line_count), 0) as bigint) as review_line_count,
    cast(coalesce(sum(review_totals.net_review_amount), 0) as decimal(18, 2)) as net_review_amount,
    grouping(statuses.recovery_status) = 1 as is_total
from statuses
left join overpaid_totals on statuses.recovery_status = overpaid_totals.recovery_status
left join review_totals on statuses.recovery_status = review_totals.recovery_status
group by grouping sets ((statuses.position, statuses.recovery_status), ())
order by is_total, statuses.position
