-- Findings that count units, on lines that several rows of the file make up: an adjustment may repeat the units of what
-- it adjusts.
select
    asked_findings.finding_id, 'units of several rows' as doubt,
    cast(claim_lines.row_count as varchar) as detail
from asked_findings
inner join rule_doubts on asked_findings.rule = rule_doubts.rule
inner join claim_lines
    on asked_findings.claim_id = claim_lines.claim_id
    and asked_findings.claim_line_number = claim_lines.claim_line_number
where rule_doubts.doubt = 'units of several rows' and claim_lines.row_count > 1
