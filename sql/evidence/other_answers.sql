-- What the other rules that considered the line of a finding made of it.
select
    asked_findings.finding_id, run_line_outcomes.rule, run_line_outcomes.outcome, run_line_outcomes.reason,
    run_line_outcomes.amount
from asked_findings
inner join run_line_outcomes
    on asked_findings.claim_id = run_line_outcomes.claim_id
    and asked_findings.claim_line_number = run_line_outcomes.claim_line_number
where asked_findings.rule <> run_line_outcomes.rule
