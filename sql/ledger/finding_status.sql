-- What the ledger knows of every finding after this run: the file `finding_status.parquet`.
select
    weighed_findings.finding_id, weighed_findings.rule, weighed_findings.rule_version, weighed_findings.claim_id,
    weighed_findings.claim_line_number, weighed_findings.provider_id, weighed_findings.hcpcs_code,
    weighed_findings.claim_line_start_date, weighed_findings.paid_date,
    decided_statuses.status, decided_statuses.status_reason, weighed_findings.is_seen,
    first_runs.as_of as first_seen_date, first_runs.run_id as first_seen_run_id,
    last_runs.as_of as last_seen_date, last_runs.run_id as last_seen_run_id,
    weighed_findings.first_outcome, weighed_findings.first_amount,
    weighed_findings.previous_outcome, weighed_findings.previous_amount,
    weighed_findings.outcome, weighed_findings.amount,
    standing_amounts.net_overpaid_amount, standing_amounts.net_review_amount,
    parents.inherits_from_finding_id, weighed_findings.heir_finding_id,
    weighed_findings.heir_claim_id as replaced_by_claim_id,
    weighed_findings.standing_claim_id, weighed_findings.standing_claim_line_number,
    weighed_findings.last_disposition, weighed_findings.last_disposition_date, weighed_findings.case_number,
    coalesce(weighed_findings.is_requested, false) as is_requested,
    coalesce(weighed_findings.is_noticed, false) as is_noticed,
    coalesce(weighed_findings.is_disputed, false) as is_disputed,
    weighed_findings.verdict, weighed_findings.verdict_rule_version,
    weighed_findings.recovered_amount, weighed_findings.line_recovered_amount,
    weighed_findings.is_closed_by_disposition and not coalesce(weighed_findings.is_as_closed, false)
    and weighed_findings.is_seen and decided_statuses.status <> 'closed' as is_raised_again
from weighed_findings
inner join decided_statuses on weighed_findings.finding_id = decided_statuses.finding_id
inner join standing_amounts on weighed_findings.finding_id = standing_amounts.finding_id
inner join recorded_runs as first_runs on weighed_findings.first_run_number = first_runs.run_number
inner join recorded_runs as last_runs on weighed_findings.last_run_number = last_runs.run_number
left join (
    select finding_id, max(inherits_from_finding_id) as inherits_from_finding_id from all_inheritances
    group by finding_id
) as parents on weighed_findings.finding_id = parents.finding_id
