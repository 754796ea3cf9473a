-- What is recoverable on the day of the run, by when it ceases to be; the last row is their total.
with periods as (
    select
        unnest([1, 2, 3, 4, 5]) as position,
        unnest(['within 30 days', 'in 31 to 60 days', 'in 61 to 90 days', 'later', 'no last day']) as expires
),

overpaid_parts as (
    select
        unnest([1, 2, 3, 4, 5]) as position,
        unnest([
            within_30_days_amount,
            within_60_days_amount,
            within_90_days_amount,
            later_amount,
            without_last_day_amount
        ]) as amount
    from line_recovery
    where is_overpaid
),

overpaid_totals as (
    select
        position,
        count(*) as overpaid_line_count,
        sum(amount) as net_overpaid_amount
    from overpaid_parts
    where amount > 0
    group by position
),

review_totals as (
    select
        case
            when review_days_left <= 30 then 1
            when review_days_left <= 60 then 2
            when review_days_left <= 90 then 3
            when review_days_left is not null then 4
            else 5
        end as position,
        count(*) as review_line_count,
        sum(net_review_amount) as net_review_amount
    from line_recovery
    where review_status = 'recoverable' and net_review_amount > 0
    group by position
)

select
    case when grouping(periods.position) = 1 then 'all recoverable' else any_value(periods.expires) end as expires,
    cast(coalesce(sum(overpaid_totals.overpaid_line_count), 0) as bigint) as overpaid_line_count,
    cast(coalesce(sum(overpaid_totals.net_overpaid_amount), 0) as decimal(18, 2)) as net_overpaid_amount,
    cast(coalesce(sum(review_totals.review_line_count), 0) as bigint) as review_line_count,
    cast(coalesce(sum(review_totals.net_review_amount), 0) as decimal(18, 2)) as net_review_amount,
    grouping(periods.position) = 1 as is_total
from periods
left join overpaid_totals on periods.position = overpaid_totals.position
left join review_totals on periods.position = review_totals.position
group by grouping sets ((periods.position), ())
order by is_total, periods.position
