-- One row per provider and rule that its demand rests on, with what the rule says of itself.
with provider_rules as (
    select provider_id, rule, min(policy_section) as policy_section
    from handout_lines
    group by provider_id, rule
)

select
    provider_rules.provider_id, provider_rules.policy_section, rule_wording.rule_number, rule_wording.title,
    rule_wording.version, rule_wording.why, rule_wording.recover, rule_wording.exceptions, rule_wording.documents,
    rule_wording.defences
from provider_rules
inner join rule_wording on provider_rules.rule = rule_wording.rule
