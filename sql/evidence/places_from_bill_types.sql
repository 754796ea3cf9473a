-- Findings of rules on the place of a line that has none of its own: that of its bill type was taken.
select
    asked_findings.finding_id, 'place from the bill type' as doubt, cast(null as varchar) as detail
from asked_findings
inner join rule_doubts on asked_findings.rule = rule_doubts.rule
inner join claim_lines
    on asked_findings.claim_id = claim_lines.claim_id
    and asked_findings.claim_line_number = claim_lines.claim_line_number
where
    rule_doubts.doubt = 'place from the bill type'
    and claim_lines.place_of_service_code is null and claim_lines.bill_type_code is not null
