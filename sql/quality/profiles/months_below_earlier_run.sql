-- What is missing in months that the newest earlier run had at least twice of: a month that was whole and no longer is.
with lost_months as (
    select
        earlier_months.line_count - coalesce(month_volumes.line_count, 0) as line_count,
        earlier_months.claim_count - coalesce(month_volumes.claim_count, 0) as claim_count,
        earlier_months.paid_amount - coalesce(month_volumes.paid_amount, 0) as paid_amount
    from earlier_months
    left join month_volumes on earlier_months.service_month = month_volumes.service_month
    where coalesce(month_volumes.line_count, 0) * 2 < earlier_months.line_count
)

select
    cast(coalesce(sum(line_count), 0) as bigint) as line_count,
    cast(coalesce(sum(greatest(claim_count, 0)), 0) as bigint) as claim_count,
    cast(coalesce(sum(greatest(paid_amount, 0)), 0) as decimal(18, 2)) as paid_amount,
    (select cast(coalesce(sum(line_count), 0) as bigint) from earlier_months) as population_count
from lost_months
