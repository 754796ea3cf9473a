-- Findings that count all units of a line on its first day, on lines of several days.
select asked_findings.finding_id, 'several days' as doubt, cast(null as varchar) as detail
from asked_findings
inner join rule_doubts on asked_findings.rule = rule_doubts.rule
where
    rule_doubts.doubt = 'several days'
    and asked_findings.claim_line_start_date < asked_findings.claim_line_end_date
