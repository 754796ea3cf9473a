-- What the rules that considered a kept line decide, why, and what settles their findings.
select
    audited_rules.rule_number,
    audited_rules.title,
    audited_rules.why,
    audited_rules.recover,
    audited_rules.settled_by,
    audited_rules.policy_section
from audited_rules
inner join (select distinct rule from selected_outcomes) as asked_rules on audited_rules.rule = asked_rules.rule
order by audited_rules.rule_number, audited_rules.title
