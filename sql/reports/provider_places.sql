-- Sums by each provider's rank, by its place in a report (21: all beyond the twentieth), and of all.
with placed_lines as (
    select
        exposed_lines.*,
        provider_ranks.provider_rank,
        least(provider_ranks.provider_rank, 21) as position
    from exposed_lines
    inner join provider_ranks
        on
        exposed_lines.is_without_provider = provider_ranks.is_without_provider
        and exposed_lines.provider_id is not distinct from provider_ranks.provider_id
        and exposed_lines.provider_name = provider_ranks.provider_name
),

place_totals as (
    select
        provider_rank,
        position,
        any_value(provider_id) as provider_id,
        any_value(provider_name) as provider_name,
        count(distinct provider_id) as provider_count,
        count(distinct case when net_overpaid_amount > 0 then provider_id end) as overpaid_provider_count,
        count(distinct claim_id) filter (where is_overpaid) as overpaid_claim_count,
        count(distinct member_id) filter (where is_overpaid) as overpaid_member_count,
        sum(net_overpaid_amount) as net_overpaid_amount,
        sum(contingent_overpaid_amount) as contingent_overpaid_amount,
        count(distinct claim_id) filter (where is_under_review) as review_claim_count,
        sum(net_review_amount) as net_review_amount,
        case when grouping(provider_rank) = 0 then 'rank' when grouping(position) = 0 then 'position' else 'all' end
            as grain
    from placed_lines
    group by grouping sets ((provider_rank), (position), ())
    having count(*) > 0
)

select
    grain,
    coalesce(provider_rank, position) as position,
    case when grain <> 'all' then provider_id end as provider_id,
    case when grain = 'all' then 'All providers' else provider_name end as provider_name,
    provider_count,
    overpaid_provider_count,
    overpaid_claim_count,
    overpaid_member_count,
    cast(net_overpaid_amount as decimal(18, 2)) as net_overpaid_amount,
    cast(contingent_overpaid_amount as decimal(18, 2)) as contingent_overpaid_amount,
    cast(
        sum(net_overpaid_amount) over (partition by grain order by coalesce(provider_rank, position))
        as decimal(18, 2)
    ) as running_overpaid_amount,
    review_claim_count,
    cast(net_review_amount as decimal(18, 2)) as net_review_amount,
    grain = 'all' as is_total
from place_totals
