-- The profiled provider, rule by rule, against its peers: all other providers for which the rule considered at least
-- the least number of lines. A peer's rate is its overpaid lines of the rule in percent of the lines considered.
with provider_rules as (
    select
        provider_id,
        rule,
        count(*) as considered_line_count,
        count(*) filter (where outcome = 'overpayment') as overpaid_line_count,
        count(*) filter (where outcome = 'review') as review_line_count,
        sum(amount) filter (where outcome = 'overpayment') as gross_overpaid_amount,
        sum(amount) filter (where outcome = 'review') as gross_review_amount
    from selected_line_outcomes
    where provider_id not like 'claim %'
    group by provider_id, rule
),

peer_rates as (
    select
        provider_rules.rule,
        count(*) as peer_count,
        sum(provider_rules.overpaid_line_count) * 100.0 / sum(provider_rules.considered_line_count)
            as peers_overpaid_percent,
        median(provider_rules.overpaid_line_count * 100.0 / provider_rules.considered_line_count)
            as median_overpaid_percent
    from provider_rules
    cross join selection
    inner join profiled_provider on provider_rules.provider_id <> profiled_provider.provider_id
    where provider_rules.considered_line_count >= selection.minimum_line_count
    group by provider_rules.rule
)

select
    audited_rules.rule_number,
    provider_rules.rule,
    audited_rules.title,
    provider_rules.considered_line_count,
    provider_rules.overpaid_line_count,
    provider_rules.review_line_count,
    provider_rules.overpaid_line_count * 100.0 / provider_rules.considered_line_count as overpaid_percent,
    peer_rates.peers_overpaid_percent,
    peer_rates.median_overpaid_percent,
    coalesce(peer_rates.peer_count, 0) as peer_count,
    cast(coalesce(provider_rules.gross_overpaid_amount, 0) as decimal(18, 2)) as gross_overpaid_amount,
    cast(coalesce(provider_rules.gross_review_amount, 0) as decimal(18, 2)) as gross_review_amount
from provider_rules
inner join profiled_provider on provider_rules.provider_id = profiled_provider.provider_id
inner join audited_rules on provider_rules.rule = audited_rules.rule
left join peer_rates on provider_rules.rule = peer_rates.rule
order by gross_overpaid_amount desc, gross_review_amount desc, audited_rules.rule_number
