-- One row per provider and rule that its demand or its leads rest on, with what the rule says of itself.
with provider_rules as (
    select provider_id, rule, policy_section, true as is_demanded from handout_lines
    union all
    select provider_id, rule, policy_section, false as is_demanded from handout_leads
)

select
    provider_rules.provider_id, min(provider_rules.policy_section) as policy_section,
    bool_or(provider_rules.is_demanded) as is_demanded, rule_wording.rule_number, rule_wording.title,
    rule_wording.version, rule_wording.why, rule_wording.recover, rule_wording.exceptions, rule_wording.documents,
    rule_wording.defences
from provider_rules
inner join rule_wording on provider_rules.rule = rule_wording.rule
group by
    provider_rules.provider_id, rule_wording.rule_number, rule_wording.title, rule_wording.version, rule_wording.why,
    rule_wording.recover, rule_wording.exceptions, rule_wording.documents, rule_wording.defences
