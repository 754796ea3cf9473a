-- Findings that are a share of a line's days, on a rental dated on a single day: rentals are billed by the month.
select distinct
    asked_findings.finding_id, 'rental on one day' as doubt, cast(null as varchar) as detail
from asked_findings
inner join rule_doubts on asked_findings.rule = rule_doubts.rule
inner join line_modifiers
    on asked_findings.claim_id = line_modifiers.claim_id
    and asked_findings.claim_line_number = line_modifiers.claim_line_number
where
    rule_doubts.doubt = 'rental on one day' and line_modifiers.modifier_use = 'rental'
    and asked_findings.claim_line_start_date = asked_findings.claim_line_end_date
