-- Net overpaid dollars by what the lookback limits say: the 20 providers with the most that is recoverable, the
-- others as one row, a total.
with provider_sums as (
    select
        provider_id,
        provider_name,
        sum(net_overpaid_amount) as net_overpaid_amount,
        sum(recoverable_amount) as recoverable_amount,
        sum(within_30_days_amount) as within_30_days_amount,
        sum(within_60_days_amount) as within_60_days_amount,
        sum(within_90_days_amount) as within_90_days_amount,
        sum(unknown_amount) as unknown_amount,
        sum(time_barred_amount) as time_barred_amount
    from line_recovery
    where is_overpaid
    group by provider_id, provider_name
),

placed_providers as (
    select
        *,
        least(
            row_number() over (
                order by
                    recoverable_amount desc, net_overpaid_amount desc, provider_name asc, provider_id asc nulls last
            ),
            21
        ) as position
    from provider_sums
)

select
    position,
    case when position <= 20 then any_value(provider_id) end as provider_id,
    case
        when grouping(position) = 1 then 'All providers'
        when position <= 20 then any_value(provider_name)
        else 'All other providers'
    end as provider_name,
    cast(sum(net_overpaid_amount) as decimal(18, 2)) as net_overpaid_amount,
    cast(sum(recoverable_amount) as decimal(18, 2)) as recoverable_amount,
    cast(sum(within_30_days_amount) as decimal(18, 2)) as within_30_days_amount,
    cast(sum(within_60_days_amount) as decimal(18, 2)) as within_60_days_amount,
    cast(sum(within_90_days_amount) as decimal(18, 2)) as within_90_days_amount,
    cast(sum(unknown_amount) as decimal(18, 2)) as unknown_amount,
    cast(sum(time_barred_amount) as decimal(18, 2)) as time_barred_amount,
    grouping(position) = 1 as is_total
from placed_providers
group by grouping sets ((position), ())
having count(*) > 0
order by is_total, position
