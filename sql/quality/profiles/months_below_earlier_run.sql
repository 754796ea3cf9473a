-- Months that the newest earlier run had at least twice of, a month that was whole and no longer is: counted in months,
-- of those of that run, with the dollars that it had in them and this file has not.
with earlier_and_now as (
    select
        earlier_months.paid_amount as earlier_amount,
        coalesce(month_volumes.paid_amount, 0.00) as amount_now,
        coalesce(month_volumes.line_count, 0) * 2 < earlier_months.line_count as is_below
    from earlier_months
    left join month_volumes on earlier_months.service_month = month_volumes.service_month
)

select
    count(*) filter (where is_below) as line_count,
    cast(null as bigint) as claim_count,
    cast(coalesce(sum(greatest(earlier_amount - amount_now, 0.00)) filter (where is_below), 0.00) as decimal(18, 2))
        as paid_amount,
    count(*) as population_count
from earlier_and_now
