-- One row per piece of evidence to ask for, the one that settles the most dollars first, with a running total; a
-- report lists no more than 500.
with requests as (
    select
        lead_lines.evidence,
        lead_lines.evidence_key,
        count(*) as line_count,
        count(distinct lead_lines.claim_id) as claim_count,
        count(distinct lead_lines.provider_id) as provider_count,
        count(distinct lead_lines.member_id) as member_count,
        count(distinct lead_lines.rule) as rule_count,
        min(lead_lines.provider_id) as provider_id,
        min(lead_lines.member_id) as member_id,
        min(lead_lines.rule) as rule,
        min(lead_lines.claim_id) as claim_id,
        min(lead_lines.plan) as plan,
        sum(lead_lines.net_review_amount) as net_review_amount
    from lead_lines
    group by lead_lines.evidence, lead_lines.evidence_key
),

ranked_requests as (
    select
        *,
        row_number() over (order by net_review_amount desc, evidence, evidence_key) as request_rank,
        count(*) over () as whole_count,
        sum(net_review_amount) over () as whole_amount
    from requests
)

select
    ranked_requests.request_rank,
    ranked_requests.evidence,
    case when rule_count = 1 then audited_rules.title else 'several rules' end as title,
    case
        when provider_count = 1 then coalesce(providers.name, ranked_requests.provider_id) else 'several providers'
    end as provider_name,
    case when member_count = 1 then ranked_requests.member_id else 'several members' end as member_id,
    case when claim_count = 1 then ranked_requests.claim_id else 'several claims' end as claim_id,
    ranked_requests.line_count,
    ranked_requests.claim_count,
    cast(ranked_requests.net_review_amount as decimal(18, 2)) as net_review_amount,
    cast(sum(ranked_requests.net_review_amount) over (order by request_rank) as decimal(18, 2))
        as running_review_amount,
    cast(whole_amount as decimal(18, 2)) as whole_review_amount,
    case
        when evidence = 'records of the provider' then audited_rules.settled_by
        when evidence = 'plan document' then 'plan document of ' || coalesce(plan, 'a plan that the claims do not name')
        else evidence
    end as settled_by,
    ranked_requests.whole_count
from ranked_requests
inner join audited_rules on ranked_requests.rule = audited_rules.rule
left join providers on ranked_requests.provider_id = providers.provider_id
order by request_rank
limit 500
