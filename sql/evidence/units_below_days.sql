-- Findings that count some days of a line as paid, on lines that bill fewer units than they have days. Where all days
-- are in question, so is every unit.
select asked_findings.finding_id, 'units below days' as doubt, cast(null as varchar) as detail
from asked_findings
inner join rule_doubts on asked_findings.rule = rule_doubts.rule
inner join claim_lines
    on asked_findings.claim_id = claim_lines.claim_id
    and asked_findings.claim_line_number = claim_lines.claim_line_number
where
    rule_doubts.doubt = 'units below days'
    and asked_findings.amount < asked_findings.paid_amount
    and claim_lines.service_unit_quantity > 0 and claim_lines.service_unit_quantity < claim_lines.day_count
