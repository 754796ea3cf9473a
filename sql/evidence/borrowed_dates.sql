-- Findings shown by, or counted from, a line that has the days of its claim.
select distinct shown_lines.finding_id, 'borrowed date' as doubt, cast(null as varchar) as detail
from shown_lines
inner join claim_lines
    on shown_lines.claim_id = claim_lines.claim_id
    and shown_lines.claim_line_number = claim_lines.claim_line_number
where shown_lines.role in ('proof', 'counted') and claim_lines.is_date_from_claim
