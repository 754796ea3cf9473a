-- The profiled provider's per diems by therapy, against all other providers together: how the days are spread, how
-- many units are billed a day, what a day is paid.
with provider_days as (
    select
        selected_therapy_mix.therapy_family,
        coalesce(selected_therapy_mix.provider_id = profiled_provider.provider_id, false) as is_profiled,
        count(distinct selected_therapy_mix.provider_id) as provider_count,
        cast(sum(selected_therapy_mix.day_count) as bigint) as day_count,
        sum(selected_therapy_mix.unit_quantity) as unit_quantity,
        sum(selected_therapy_mix.paid_amount) as paid_amount,
        cast(cast(sum(selected_therapy_mix.paid_amount) as decimal(22, 2)) * 100 as bigint) as paid_cents
    from selected_therapy_mix
    cross join profiled_provider
    where selected_therapy_mix.code_kind = 'per diem'
    group by selected_therapy_mix.therapy_family, is_profiled
),

shares as (
    select
        *,
        day_count * 100.0 / sum(day_count) over (partition by is_profiled) as day_percent,
        cast(unit_quantity as double) / nullif(day_count, 0) as units_per_day,
        -- Half away from nothing, in whole cents.
        cast(
            cast(sign(paid_cents) * ((abs(paid_cents) * 2 + day_count) // nullif(2 * day_count, 0)) as decimal(20, 0))
            * 0.01 as decimal(18, 2)
        ) as paid_per_day_amount
    from provider_days
)

select
    own.therapy_family,
    own.day_count,
    own.day_percent,
    peers.day_percent as peers_day_percent,
    own.units_per_day,
    peers.units_per_day as peers_units_per_day,
    own.paid_per_day_amount,
    peers.paid_per_day_amount as peers_paid_per_day_amount,
    cast(coalesce(peers.provider_count, 0) as bigint) as peer_count,
    cast(own.paid_amount as decimal(18, 2)) as paid_amount
from shares as own
left join shares as peers on own.therapy_family = peers.therapy_family and not peers.is_profiled
where own.is_profiled
order by own.paid_amount desc, own.therapy_family
