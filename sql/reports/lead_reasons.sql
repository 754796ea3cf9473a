-- Why lines need review: the leads that the filters keep, by rule and reason, those with the most dollars first.
select
    audited_rules.rule_number,
    audited_rules.title,
    selected_findings.reason,
    count(*) as line_count,
    count(distinct selected_findings.claim_id) as claim_count,
    cast(sum(selected_findings.paid_amount) as decimal(18, 2)) as paid_amount,
    cast(sum(selected_findings.amount) as decimal(18, 2)) as gross_amount
from selected_findings
inner join audited_rules on selected_findings.rule = audited_rules.rule
where selected_findings.outcome = 'review'
group by audited_rules.rule_number, audited_rules.title, selected_findings.reason
order by gross_amount desc, line_count desc, audited_rules.rule_number, selected_findings.reason
