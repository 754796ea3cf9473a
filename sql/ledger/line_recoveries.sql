-- What was recovered on a claim line, whichever of its findings it was recorded on: one dollar is recovered once.
select
    known_findings.claim_id, known_findings.claim_line_number,
    cast(sum(finding_dispositions.recovered_amount) as decimal(18, 2)) as recovered_amount
from finding_dispositions
inner join known_findings on finding_dispositions.finding_id = known_findings.finding_id
group by known_findings.claim_id, known_findings.claim_line_number
having sum(finding_dispositions.recovered_amount) <> 0
