-- Findings shown by a line of another payer, plan or line of business. What is missing on either line says nothing.
select asked_findings.finding_id, 'another plan' as doubt, cast(null as varchar) as detail
from asked_findings
inner join claim_lines as own_lines
    on asked_findings.claim_id = own_lines.claim_id
    and asked_findings.claim_line_number = own_lines.claim_line_number
inner join claim_lines as related_lines
    on asked_findings.related_claim_id = related_lines.claim_id
    and asked_findings.related_claim_line_number = related_lines.claim_line_number
where
    lower(own_lines.payer) <> lower(related_lines.payer)
    or lower(own_lines.plan) <> lower(related_lines.plan)
    or own_lines.line_of_business <> related_lines.line_of_business
