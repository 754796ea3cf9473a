-- Findings on lines without a field that a gate or every rule needs, with what was assumed instead. What no line of the
-- file has is known from the run alone: here stand the lines of some members.
select
    asked_findings.finding_id, 'assumption' as doubt,
    defaulted_lines.column_name || ': ' || defaulted_lines.assumed as detail
from asked_findings
inner join assumption_totals.defaulted_lines as defaulted_lines
    on asked_findings.claim_id = defaulted_lines.claim_id
    and asked_findings.claim_line_number = defaulted_lines.claim_line_number
inner join run_assumptions on defaulted_lines.column_name = run_assumptions.column_name
