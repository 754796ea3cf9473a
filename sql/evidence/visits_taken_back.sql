-- Findings that rest on a visit which is itself overpaid in full, with the rule that says so.
select
    asked_findings.finding_id, 'visit taken back' as doubt,
    run_line_exposure.overpaid_rule as detail
from asked_findings
inner join rule_doubts on asked_findings.rule = rule_doubts.rule
inner join run_line_exposure
    on asked_findings.related_claim_id = run_line_exposure.claim_id
    and asked_findings.related_claim_line_number = run_line_exposure.claim_line_number
where rule_doubts.doubt = 'visit taken back' and run_line_exposure.is_overpaid_in_full
