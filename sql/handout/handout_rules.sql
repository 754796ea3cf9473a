-- One row per provider and rule that its demand rests on, with what the rule says of itself.
with provider_rules as (
    select provider_id, rule, min(policy_section) as policy_section
    from handout_lines
    group by provider_id, rule
)

select
    provider_rules.provider_id, provider_rules.policy_section, rule_texts.rule_number, rule_texts.title,
    rule_texts.version, rule_texts.why, rule_texts.recover, rule_texts.exceptions, rule_texts.documents,
    rule_texts.defences
from provider_rules
inner join rule_texts on provider_rules.rule = rule_texts.rule
