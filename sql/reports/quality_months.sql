-- Lines, claims and dollars of the whole file by the month of service.
with months as (
    select unnest(cast(body -> 'months' as json[])) as entry
    from quality
)

select
    cast(entry ->> 'service_month' as date) as period_month,
    cast(entry ->> 'line_count' as bigint) as line_count,
    cast(entry ->> 'claim_count' as bigint) as claim_count,
    cast(entry ->> 'paid_amount' as decimal(18, 2)) as paid_amount
from months
order by period_month
