-- Findings of what a per diem includes, where the plan paid nothing for the per diem that shows it.
select
    asked_findings.finding_id, 'unpaid per diem' as doubt,
    case when claim_lines.has_other_payer then 'other payer' else 'nothing paid' end as detail
from asked_findings
inner join rule_doubts on asked_findings.rule = rule_doubts.rule
inner join claim_lines
    on asked_findings.related_claim_id = claim_lines.claim_id
    and asked_findings.related_claim_line_number = claim_lines.claim_line_number
where rule_doubts.doubt = 'unpaid per diem' and claim_lines.paid_amount <= 0
