-- Lines, claims and dollars of the whole file by the month of service. A month without a line between others is a row
-- of zeros, so that a gap is seen; what lies more than two years from the next month is a stray date, no gap.
with measured_months as (
    select unnest(cast(body -> 'months' as json[])) as entry
    from quality
),

months as (
    select
        cast(entry ->> 'service_month' as date) as service_month,
        cast(entry ->> 'line_count' as bigint) as line_count,
        cast(entry ->> 'claim_count' as bigint) as claim_count,
        cast(entry ->> 'paid_amount' as decimal(18, 2)) as paid_amount
    from measured_months
),

followed_months as (
    select
        *,
        lead(service_month) over (order by service_month) as next_month
    from months
),

filled_months as (
    select
        *,
        cast(
            unnest(generate_series(
                service_month,
                case
                    when next_month <= service_month + interval 24 month then next_month - interval 1 month
                    else service_month
                end,
                interval 1 month
            )) as date
        ) as period_month
    from followed_months
)

select
    period_month,
    case when period_month = service_month then line_count else 0 end as line_count,
    case when period_month = service_month then claim_count else 0 end as claim_count,
    case when period_month = service_month then paid_amount else 0.00 end as paid_amount
from filled_months
order by period_month
