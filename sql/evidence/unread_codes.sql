-- Findings that rest on something not being billed, whose member has a line with more than a procedure code in the
-- place of one, such as a code with its modifier or a National Drug Code: on the claim, or elsewhere on the finding's
-- days, the day before or the day after.
select distinct
    asked_findings.finding_id, 'unread code' as doubt, cast(null as varchar) as detail
from asked_findings
inner join rule_doubts on asked_findings.rule = rule_doubts.rule
inner join claim_lines on asked_findings.member_id = claim_lines.member_id
where
    rule_doubts.doubt = 'unread code'
    and length(claim_lines.hcpcs_code) > 5 and regexp_matches(claim_lines.hcpcs_code, '[A-Z0-9][0-9]{3}[A-Z0-9]')
    and (
        asked_findings.claim_id = claim_lines.claim_id
        or (
            date_diff('day', asked_findings.claim_line_start_date, claim_lines.claim_line_end_date) >= -1
            and date_diff('day', claim_lines.claim_line_start_date, asked_findings.claim_line_end_date) >= -1
        )
    )
