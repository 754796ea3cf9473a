-- Lines that a rule considered and could not decide, by rule and reason: a needed field is missing,
-- or the service came before the provision. Neither says that the line is in order.
select
    audited_rules.rule_number,
    audited_rules.rule,
    audited_rules.title,
    selected_outcomes.outcome,
    selected_outcomes.reason,
    cast(sum(selected_outcomes.line_count) as bigint) as line_count,
    cast(sum(selected_outcomes.paid_amount) as decimal(18, 2)) as paid_amount
from selected_outcomes
inner join audited_rules on selected_outcomes.rule = audited_rules.rule
where selected_outcomes.outcome in ('not_evaluable', 'not_in_force')
group by
    audited_rules.rule_number,
    audited_rules.rule,
    audited_rules.title,
    selected_outcomes.outcome,
    selected_outcomes.reason
order by selected_outcomes.outcome asc, paid_amount desc, audited_rules.rule_number asc, selected_outcomes.reason asc
