-- Why: the lines that rules considered, by outcome and reason, those with the most dollars in question first.
select
    audited_rules.rule_number,
    audited_rules.title,
    selected_outcomes.outcome,
    selected_outcomes.reason,
    selected_outcomes.line_count,
    selected_outcomes.paid_amount,
    selected_outcomes.amount as gross_amount,
    count(*) over () as whole_count
from selected_outcomes
inner join audited_rules on selected_outcomes.rule = audited_rules.rule
order by gross_amount desc, selected_outcomes.line_count desc, audited_rules.rule_number, selected_outcomes.reason
limit 300
