-- The days that the amount of each finding is counted by: those in question, or those on which the line was in order.
with days as (
    select *, false as is_in_part, true as is_in_question from days_in_question
    union all
    select *, false as is_in_question from days_in_order
)

select distinct
    asked_findings.finding_id, days.service_date, days.proof_claim_id, days.proof_claim_line_number,
    days.is_in_part, days.is_in_question
from days
inner join asked_findings
    on days.rule = asked_findings.rule
    and days.claim_id = asked_findings.claim_id
    and days.claim_line_number = asked_findings.claim_line_number
