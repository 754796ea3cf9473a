-- Findings that count one day of a per diem whose units may be those of a span of days, billed on its first day: as the
-- rule on units beyond days tells it.
select asked_findings.finding_id, 'possible span' as doubt, cast(null as varchar) as detail
from asked_findings
inner join rule_doubts on asked_findings.rule = rule_doubts.rule
inner join per_diem_units_exceed_days.situations as judged_lines
    on asked_findings.claim_id = judged_lines.claim_id
    and asked_findings.claim_line_number = judged_lines.claim_line_number
where rule_doubts.doubt = 'possible span' and judged_lines.situation = 'span on first day'
