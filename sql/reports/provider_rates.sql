-- How often lines that rules considered were overpaid, by provider, against the rate of all providers together, with
-- the binomial control limits of a funnel plot (D. J. Spiegelhalter, Funnel plots for comparing institutional
-- performance, Statistics in Medicine 24, 2005): rate of all +- z * sqrt(rate * (1 - rate) / lines), z 1.96 and 3.09.
with considered_lines as (
    select distinct
        provider_id,
        claim_id,
        claim_line_number
    from selected_line_outcomes
    where provider_id not like 'claim %'
),

provider_lines as (
    select
        considered_lines.provider_id,
        count(*) as considered_line_count,
        count(selected_exposure.overpaid_rule) as overpaid_line_count,
        count(selected_exposure.review_rule) as review_line_count,
        coalesce(sum(selected_exposure.net_overpaid_amount), 0.00) as net_overpaid_amount,
        coalesce(sum(selected_exposure.net_review_amount), 0.00) as net_review_amount
    from considered_lines
    left join selected_exposure
        on
        considered_lines.claim_id = selected_exposure.claim_id
        and considered_lines.claim_line_number = selected_exposure.claim_line_number
    group by considered_lines.provider_id
),

measured_providers as (
    select
        provider_lines.*,
        provider_lines.overpaid_line_count * 100.0 / provider_lines.considered_line_count as overpaid_percent,
        sum(provider_lines.overpaid_line_count) over ()
        * 1.0
        / sum(provider_lines.considered_line_count) over () as pooled_rate
    from provider_lines
),

limited_providers as (
    select
        *,
        100 * pooled_rate as pooled_percent,
        100 * sqrt(pooled_rate * (1 - pooled_rate) / considered_line_count) as standard_error_percent
    from measured_providers
)

select
    limited_providers.provider_id,
    coalesce(providers.name, limited_providers.provider_id) as provider_name,
    limited_providers.considered_line_count,
    limited_providers.overpaid_line_count,
    limited_providers.review_line_count,
    limited_providers.overpaid_percent,
    limited_providers.pooled_percent,
    least(limited_providers.pooled_percent + 1.96 * limited_providers.standard_error_percent, 100)
        as warning_percent,
    least(limited_providers.pooled_percent + 3.09 * limited_providers.standard_error_percent, 100)
        as alarm_percent,
    case
        when limited_providers.considered_line_count < selection.minimum_line_count then 'too few lines'
        when overpaid_percent > pooled_percent + 3.09 * standard_error_percent then 'above 99.8 % limit'
        when overpaid_percent > pooled_percent + 1.96 * standard_error_percent then 'above 95 % limit'
        when overpaid_percent < pooled_percent - 3.09 * standard_error_percent then 'below 99.8 % limit'
        when overpaid_percent < pooled_percent - 1.96 * standard_error_percent then 'below 95 % limit'
        else 'within limits'
    end as standing,
    cast(limited_providers.net_overpaid_amount as decimal(18, 2)) as net_overpaid_amount,
    cast(limited_providers.net_review_amount as decimal(18, 2)) as net_review_amount,
    provider_volumes.claim_count,
    provider_volumes.member_count,
    provider_volumes.per_diem_day_count,
    provider_volumes.paid_amount
from limited_providers
cross join selection
left join providers on limited_providers.provider_id = providers.provider_id
left join provider_volumes on limited_providers.provider_id = provider_volumes.provider_id
order by net_overpaid_amount desc, net_review_amount desc, limited_providers.provider_id
