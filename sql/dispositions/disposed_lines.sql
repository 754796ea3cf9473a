-- The claim lines of these findings: the most that any finding of it ever put in question, and what was recovered.
with line_findings as (
    select
        sightings.claim_id, sightings.claim_line_number, sightings.finding_id, max(sightings.amount) as largest_amount
    from sightings
    inner join (select distinct claim_id, claim_line_number from disposed_findings) as named_lines
        on sightings.claim_id = named_lines.claim_id and sightings.claim_line_number = named_lines.claim_line_number
    group by sightings.claim_id, sightings.claim_line_number, sightings.finding_id
),

finding_recoveries as (
    select finding_id, sum(recovered_amount) as recovered_amount from dispositions
    group by finding_id
)

select
    line_findings.claim_id, line_findings.claim_line_number,
    max(line_findings.largest_amount) as largest_amount,
    cast(coalesce(sum(finding_recoveries.recovered_amount), 0) as decimal(18, 2)) as recovered_amount
from line_findings
left join finding_recoveries on line_findings.finding_id = finding_recoveries.finding_id
group by line_findings.claim_id, line_findings.claim_line_number
