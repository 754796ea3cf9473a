-- What is demanded of a provider by rule, and in all.
with demanded_rules as (
    select
        provider_id, rule_number, rule_title, policy_section, count(*) as line_count,
        count(distinct claim_id) as claim_count, sum(demanded_amount) as demanded_amount
    from handout_lines
    group by provider_id, rule_number, rule_title, policy_section
),

demanded_in_all as (
    select
        provider_id, count(*) as line_count, count(distinct claim_id) as claim_count,
        sum(demanded_amount) as demanded_amount
    from handout_lines
    group by provider_id
)

select
    provider_id, rule_number, rule_title, policy_section, line_count, claim_count,
    cast(demanded_amount as decimal(18, 2)) as demanded_amount, false as is_total
from demanded_rules
union all
select
    provider_id, null as rule_number, 'Total demanded' as rule_title, null as policy_section, line_count, claim_count,
    cast(demanded_amount as decimal(18, 2)) as demanded_amount, true as is_total
from demanded_in_all
