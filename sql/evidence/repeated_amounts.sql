-- Findings on institutional claims whose lines all have one paid amount.
with repeating_claims as (
    select claim_id from claim_lines
    where claim_type = 'institutional'
    group by claim_id
    having count(*) > 1 and min(paid_amount) = max(paid_amount) and max(paid_amount) <> 0
)

select asked_findings.finding_id, 3 as doubt_order, 'repeated amount' as doubt, cast(null as varchar) as detail
from asked_findings
inner join repeating_claims on asked_findings.claim_id = repeating_claims.claim_id
