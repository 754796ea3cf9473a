-- What is missing in months with less than half the lines of the usual month, up to the usual: no month between the
-- first and the last, which may be cut, is excused. `usual` is the median month.
with spans as (
    select min(service_month) as first_month, max(service_month) as last_month from month_volumes
),

usual_months as (
    select
        cast(median(line_count) as bigint) as line_count, cast(median(claim_count) as bigint) as claim_count,
        cast(median(paid_amount) as decimal(18, 2)) as paid_amount
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
),

thin_months as (
    select
        usual_months.line_count - coalesce(month_volumes.line_count, 0) as line_count,
        usual_months.claim_count - coalesce(month_volumes.claim_count, 0) as claim_count,
        usual_months.paid_amount - coalesce(month_volumes.paid_amount, 0) as paid_amount
    from inner_months
    cross join usual_months
    left join month_volumes on inner_months.service_month = month_volumes.service_month
    where coalesce(month_volumes.line_count, 0) * 2 < usual_months.line_count
)

select
    cast(coalesce(sum(line_count), 0) as bigint) as line_count,
    cast(coalesce(sum(greatest(claim_count, 0)), 0) as bigint) as claim_count,
    cast(coalesce(sum(greatest(paid_amount, 0)), 0) as decimal(18, 2)) as paid_amount,
    (select cast(coalesce(sum(line_count), 0) as bigint) from month_volumes) as population_count
from thin_months
