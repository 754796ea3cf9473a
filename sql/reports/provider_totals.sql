-- The 20 providers with the most potential overpayment (then under review), the others as one row, a total.
with placed_lines as (
    select
        exposed_lines.*,
        least(provider_ranks.provider_rank, 21) as position
    from exposed_lines
    inner join provider_ranks
        on
        exposed_lines.is_without_provider = provider_ranks.is_without_provider
        and exposed_lines.provider_id is not distinct from provider_ranks.provider_id
        and exposed_lines.provider_name = provider_ranks.provider_name
),

position_totals as (
    select
        position,
        case when position <= 20 then any_value(provider_id) end as provider_id,
        case
            when grouping(position) = 1 then 'All providers'
            when position <= 20 then any_value(provider_name)
            else 'All other providers'
        end as provider_name,
        count(distinct provider_id) as provider_count,
        count(distinct case when net_overpaid_amount > 0 then provider_id end) as overpaid_provider_count,
        count(distinct claim_id) filter (where is_overpaid) as overpaid_claim_count,
        count(distinct member_id) filter (where is_overpaid) as overpaid_member_count,
        sum(net_overpaid_amount) as net_overpaid_amount,
        sum(contingent_overpaid_amount) as contingent_overpaid_amount,
        count(distinct claim_id) filter (where is_under_review) as review_claim_count,
        sum(net_review_amount) as net_review_amount,
        grouping(position) = 1 as is_total
    from placed_lines
    group by grouping sets ((position), ())
    having count(*) > 0
),

running_totals as (
    select
        *,
        sum(case when not is_total then net_overpaid_amount end) over (
            order by is_total, position
        ) as running_overpaid_amount
    from position_totals
)

select
    position,
    provider_id,
    provider_name,
    provider_count,
    overpaid_provider_count,
    overpaid_claim_count,
    overpaid_member_count,
    cast(net_overpaid_amount as decimal(18, 2)) as net_overpaid_amount,
    cast(contingent_overpaid_amount as decimal(18, 2)) as contingent_overpaid_amount,
    cast(running_overpaid_amount as decimal(18, 2)) as running_overpaid_amount,
    review_claim_count,
    cast(net_review_amount as decimal(18, 2)) as net_review_amount,
    is_total
from running_totals
order by is_total, position
