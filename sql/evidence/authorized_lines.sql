-- Findings whose line carries a prior authorization number, or else another line of its claim.
select asked_findings.finding_id, 'authorization' as doubt, cast(null as varchar) as detail
from asked_findings
inner join claim_lines
    on asked_findings.claim_id = claim_lines.claim_id
    and asked_findings.claim_line_number = claim_lines.claim_line_number
where claim_lines.authorization_number is not null
union all
select distinct asked_findings.finding_id, 'authorization elsewhere' as doubt, cast(null as varchar) as detail
from asked_findings
inner join claim_lines as own_lines
    on asked_findings.claim_id = own_lines.claim_id
    and asked_findings.claim_line_number = own_lines.claim_line_number
inner join claim_lines as other_lines on asked_findings.claim_id = other_lines.claim_id
where own_lines.authorization_number is null and other_lines.authorization_number is not null
