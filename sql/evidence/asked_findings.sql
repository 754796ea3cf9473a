-- The findings whose evidence is asked for, with what is left of the line once every rule has been heard.
select
    run_findings.*,
    run_line_exposure.net_overpaid_amount, run_line_exposure.net_review_amount,
    run_line_exposure.overpaid_rule, run_line_exposure.review_rule
from run_findings
inner join asked_ids on run_findings.finding_id = asked_ids.finding_id
left join run_line_exposure
    on run_findings.claim_id = run_line_exposure.claim_id
    and run_findings.claim_line_number = run_line_exposure.claim_line_number
