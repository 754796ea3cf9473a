-- What was recovered on a line that stands, on whichever finding of it or of the lines that it replaces it was
-- recorded: each recorded dollar is on one line that stands, and so is recovered once.
select
    standing_lines.standing_claim_id, standing_lines.standing_claim_line_number,
    cast(sum(dispositions.recovered_amount) as decimal(18, 2)) as recovered_amount
from dispositions
inner join known_findings on dispositions.finding_id = known_findings.finding_id
inner join standing_lines
    on known_findings.claim_id = standing_lines.claim_id
    and known_findings.claim_line_number = standing_lines.claim_line_number
group by standing_lines.standing_claim_id, standing_lines.standing_claim_line_number
having sum(dispositions.recovered_amount) <> 0
