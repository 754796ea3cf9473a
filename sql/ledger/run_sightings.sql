-- The findings of this run, each with the dollars of its line that it is credited with.
select
    this_run.run_number, findings.finding_id, findings.rule, findings.rule_version, findings.outcome, findings.amount,
    findings.claim_id, findings.claim_line_number, findings.provider_id, findings.hcpcs_code,
    findings.claim_line_start_date, findings.paid_date,
    case when findings.rule = line_exposure.overpaid_rule then line_exposure.net_overpaid_amount else 0.00 end
        as net_overpaid_amount,
    case when findings.rule = line_exposure.review_rule then line_exposure.net_review_amount else 0.00 end
        as net_review_amount
from findings
cross join this_run
inner join line_exposure
    on findings.claim_id = line_exposure.claim_id
    and findings.claim_line_number = line_exposure.claim_line_number
