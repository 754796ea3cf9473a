-- Months that the newest earlier run had at least twice of, a month that was whole and no longer is: counted in months,
-- of those of that run, without dollars.
select
    count(*) filter (where coalesce(month_volumes.line_count, 0) * 2 < earlier_months.line_count) as line_count,
    cast(null as bigint) as claim_count,
    cast(null as decimal(18, 2)) as paid_amount,
    count(*) as population_count
from earlier_months
left join month_volumes on earlier_months.service_month = month_volumes.service_month
