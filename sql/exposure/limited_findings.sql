-- One row per finding with what lookback limits ask of it; a state that is none of the list counts as missing.
select
    findings.finding_id, findings.rule, findings.line_of_business, us_states.code as state,
    findings.paid_date, findings.claim_line_start_date
from findings
inner join claim_lines
    on findings.claim_id = claim_lines.claim_id and findings.claim_line_number = claim_lines.claim_line_number
left join us_states
    on claim_lines.provider_state = us_states.code
    or lower(claim_lines.provider_state) = lower(replace(us_states.label, ' ', ''))
