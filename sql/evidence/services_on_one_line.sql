-- Findings on, beside or shown by a line whose rows bill different services: their payments, units and days were put
-- together as those of one, and a service that is missed may be among them.
with mixed_lines as (
    select claim_id, claim_line_number from claim_lines
    where has_several_services
)

select asked_findings.finding_id, 'several services' as doubt, 'line' as detail
from asked_findings
inner join mixed_lines
    on asked_findings.claim_id = mixed_lines.claim_id
    and asked_findings.claim_line_number = mixed_lines.claim_line_number
union all
select asked_findings.finding_id, 'several services' as doubt, 'related' as detail
from asked_findings
inner join mixed_lines
    on asked_findings.related_claim_id = mixed_lines.claim_id
    and asked_findings.related_claim_line_number = mixed_lines.claim_line_number
union
select asked_findings.finding_id, 'several services' as doubt, 'claim' as detail
from asked_findings
inner join mixed_lines on asked_findings.claim_id = mixed_lines.claim_id
where
    asked_findings.claim_line_number <> mixed_lines.claim_line_number
    and (
        coalesce(asked_findings.related_claim_id, '') <> mixed_lines.claim_id
        or coalesce(asked_findings.related_claim_line_number, -1) <> mixed_lines.claim_line_number
    )
