-- Findings that rest on a per diem which is itself overpaid in full, with the rule that says so.
select asked_findings.finding_id, 'contingent' as doubt, lines_overpaid_in_full.overpaid_rule as detail
from asked_findings
inner join rules on asked_findings.rule = rules.rule
inner join lines_overpaid_in_full
    on asked_findings.related_claim_id = lines_overpaid_in_full.claim_id
    and asked_findings.related_claim_line_number = lines_overpaid_in_full.claim_line_number
where rules.is_contingent_on_per_diem
