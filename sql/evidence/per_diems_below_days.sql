-- Findings of days that a per diem covers, where the per diem that shows them bills fewer units than it has days.
select asked_findings.finding_id, 'per diem below days' as doubt, cast(null as varchar) as detail
from asked_findings
inner join rule_doubts on asked_findings.rule = rule_doubts.rule
inner join claim_lines
    on asked_findings.related_claim_id = claim_lines.claim_id
    and asked_findings.related_claim_line_number = claim_lines.claim_line_number
where
    rule_doubts.doubt = 'per diem below days'
    and claim_lines.service_unit_quantity > 0 and claim_lines.service_unit_quantity < claim_lines.day_count
