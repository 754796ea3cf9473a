-- The overpayments of the run that reviewers overturned or wrote off, and those on whose line something was recovered,
-- under whichever rule. None in a report that is shared, nor in a run without a ledger.
select
    findings.claim_id,
    findings.claim_line_number,
    findings.rule,
    finding_status.line_recovered_amount,
    finding_status.status = 'closed' and finding_status.last_disposition in ('overturned', 'written_off')
        as is_given_up
from findings
inner join finding_status on findings.finding_id = finding_status.finding_id
cross join selection
where
    not selection.is_shared
    and findings.outcome = 'overpayment'
    and (
        finding_status.line_recovered_amount > 0
        or (finding_status.status = 'closed' and finding_status.last_disposition in ('overturned', 'written_off'))
    )
