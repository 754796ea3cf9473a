-- One row per lead that is an open question: reviewers did not close it, and something of its line's payment is left to
-- ask about, which is neither demanded nor recovered.
select findings.*
from findings
inner join finding_standings on findings.finding_id = finding_standings.finding_id
left join line_demands
    on findings.claim_id = line_demands.claim_id and findings.claim_line_number = line_demands.claim_line_number
where
    findings.outcome = 'review' and not finding_standings.is_closed
    and (
        findings.paid_amount <= 0
        or coalesce(line_demands.demanded_amount, 0) + finding_standings.line_recovered_amount < findings.paid_amount
    )
