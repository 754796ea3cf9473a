-- One row per finding: what its reviewers decided. Without a ledger nothing is closed and nothing recovered.
select
    findings.finding_id,
    coalesce(finding_status.status = 'closed', false) as is_closed,
    coalesce(finding_status.status = 'closed' and finding_status.last_disposition <> 'recovered', false) as is_given_up,
    finding_status.last_disposition,
    coalesce(finding_status.recovered_amount, 0.00) as recovered_amount,
    coalesce(finding_status.line_recovered_amount, 0.00) as line_recovered_amount
from findings
left join finding_status on findings.finding_id = finding_status.finding_id
