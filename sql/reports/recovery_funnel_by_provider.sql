-- From identified to recovered, by provider: the 20 with the most identified dollars of a measure, then all others.
with provider_sums as (
    select measure, provider_id, sum(identified_amount) as provider_amount
    from funnel_findings
    group by measure, provider_id
),

ranked_providers as (
    select
        measure, provider_id,
        least(row_number() over (partition by measure order by provider_amount desc, provider_id), 21) as position
    from provider_sums
),

placed_findings as (
    select
        funnel_findings.*, ranked_providers.position,
        case
            when ranked_providers.position > 20 then 'All other providers'
            else coalesce(providers.name, funnel_findings.provider_id)
        end as provider_name
    from funnel_findings
    inner join ranked_providers
        on funnel_findings.measure = ranked_providers.measure
        and funnel_findings.provider_id = ranked_providers.provider_id
    left join providers on funnel_findings.provider_id = providers.provider_id
)

select
    measure, position,
    case when grouping(position) = 1 then 'All providers' else provider_name end as provider_name,
    case when max(position) < 21 and grouping(position) = 0 then max(provider_id) end as provider_id,
    count(*) as finding_count,
    cast(coalesce(sum(identified_amount), 0) as decimal(18, 2)) as identified_amount,
    cast(coalesce(sum(noticed_amount), 0) as decimal(18, 2)) as noticed_amount,
    cast(coalesce(sum(disputed_amount), 0) as decimal(18, 2)) as disputed_amount,
    cast(coalesce(sum(upheld_amount), 0) as decimal(18, 2)) as upheld_amount,
    cast(coalesce(sum(recovered_amount), 0) as decimal(18, 2)) as recovered_amount,
    cast(coalesce(sum(overturned_amount), 0) as decimal(18, 2)) as overturned_amount,
    cast(coalesce(sum(written_off_amount), 0) as decimal(18, 2)) as written_off_amount,
    cast(coalesce(sum(fell_away_amount), 0) as decimal(18, 2)) as fell_away_amount,
    cast(coalesce(sum(outstanding_amount), 0) as decimal(18, 2)) as outstanding_amount,
    cast(coalesce(sum(time_barred_amount), 0) as decimal(18, 2)) as time_barred_amount,
    grouping(position) = 1 as is_total
from placed_findings
group by grouping sets ((measure, position, provider_name), (measure))
order by measure, is_total, position
