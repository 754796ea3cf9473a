-- The lines on which the dollars of these findings stand: the most that any finding of one, or of the lines that it
-- replaces, ever put in question, and what was recovered.
with named_lines as (
    select distinct standing_lines.standing_claim_id, standing_lines.standing_claim_line_number
    from disposed_findings
    inner join standing_lines
        on disposed_findings.claim_id = standing_lines.claim_id
        and disposed_findings.claim_line_number = standing_lines.claim_line_number
),

line_findings as (
    select
        named_lines.standing_claim_id, named_lines.standing_claim_line_number, sightings.finding_id,
        max(sightings.amount) as largest_amount
    from named_lines
    inner join standing_lines
        on named_lines.standing_claim_id = standing_lines.standing_claim_id
        and named_lines.standing_claim_line_number = standing_lines.standing_claim_line_number
    inner join sightings
        on standing_lines.claim_id = sightings.claim_id
        and standing_lines.claim_line_number = sightings.claim_line_number
    group by named_lines.standing_claim_id, named_lines.standing_claim_line_number, sightings.finding_id
),

finding_recoveries as (
    select finding_id, sum(recovered_amount) as recovered_amount from dispositions
    group by finding_id
)

select
    line_findings.standing_claim_id, line_findings.standing_claim_line_number,
    max(line_findings.largest_amount) as largest_amount,
    cast(coalesce(sum(finding_recoveries.recovered_amount), 0) as decimal(18, 2)) as recovered_amount
from line_findings
left join finding_recoveries on line_findings.finding_id = finding_recoveries.finding_id
group by line_findings.standing_claim_id, line_findings.standing_claim_line_number
