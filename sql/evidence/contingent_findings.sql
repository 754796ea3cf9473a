-- Findings that rest on a per diem which is itself overpaid in full, with the rule that says so.
select asked_findings.finding_id, 'contingent' as doubt, run_line_exposure.overpaid_rule as detail
from asked_findings
inner join rules on asked_findings.rule = rules.rule
inner join run_line_exposure
    on asked_findings.related_claim_id = run_line_exposure.claim_id
    and asked_findings.related_claim_line_number = run_line_exposure.claim_line_number
where rules.is_contingent_on_per_diem and run_line_exposure.is_overpaid_in_full
