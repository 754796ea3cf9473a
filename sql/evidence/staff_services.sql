-- Findings that rest on a registered nurse's visit being absent, on a day of which an injection was billed as given, or
-- a visit in person that need not have been a nurse's; allowed or not, for such an injection is often denied as
-- included.
select distinct
    asked_findings.finding_id, 'staff service' as doubt, staff_service_codes.kind as detail
from asked_findings
inner join rule_doubts on asked_findings.rule = rule_doubts.rule
inner join claim_lines
    on asked_findings.member_id = claim_lines.member_id
    and asked_findings.claim_line_start_date <= claim_lines.claim_line_end_date
    and asked_findings.claim_line_end_date >= claim_lines.claim_line_start_date
inner join staff_service_codes
    on claim_lines.hcpcs_code = staff_service_codes.code
    and claim_lines.claim_line_start_date between staff_service_codes.valid_from and staff_service_codes.valid_to
where
    rule_doubts.doubt = 'staff service'
    -- Seen from afar: telehealth.
    and coalesce(claim_lines.place_of_service_code, '') not in ('02', '10')
