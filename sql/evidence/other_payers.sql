-- Findings on whose line no other payer is stated to have paid, while one paid on another line of the claim, denied
-- ones included.
select distinct asked_findings.finding_id, 'other payer' as doubt, cast(null as varchar) as detail
from asked_findings
inner join claim_lines as own_lines
    on asked_findings.claim_id = own_lines.claim_id
    and asked_findings.claim_line_number = own_lines.claim_line_number
inner join claim_lines as other_lines
    on asked_findings.claim_id = other_lines.claim_id and asked_findings.member_id = other_lines.member_id
where not own_lines.has_other_payer and other_lines.has_other_payer
