-- Months with less than half the lines of the usual, the median month, of the months between the first and the last,
-- which may be cut: counted in months, without claims and dollars, since nobody knows what is missing.
with spans as (
    select min(service_month) as first_month, max(service_month) as last_month from month_volumes
),

usual_months as (
    select cast(median(month_volumes.line_count) as bigint) as usual_line_count
    from month_volumes
    cross join spans
    where month_volumes.service_month > spans.first_month and month_volumes.service_month < spans.last_month
),

inner_months as (
    select cast(months.service_month as date) as service_month
    from spans
    cross join unnest(generate_series(spans.first_month, spans.last_month, interval 1 month)) as months (service_month)
    where
        cast(months.service_month as date) > spans.first_month
        and cast(months.service_month as date) < spans.last_month
)

select
    count(*) filter (where coalesce(month_volumes.line_count, 0) * 2 < usual_months.usual_line_count) as line_count,
    cast(null as bigint) as claim_count,
    cast(null as decimal(18, 2)) as paid_amount,
    count(*) as population_count
from inner_months
cross join usual_months
left join month_volumes on inner_months.service_month = month_volumes.service_month
