-- The provider's lines on the days of findings of extra hours without the first hours of their visit.
select
    asked_findings.finding_id, asked_findings.rule, claim_lines.hcpcs_code, claim_lines.revenue_center_code,
    claim_lines.claim_line_start_date, claim_lines.is_allowed
from asked_findings
inner join nursing_codes
    on asked_findings.hcpcs_code = nursing_codes.code
    and asked_findings.claim_line_start_date between nursing_codes.valid_from and nursing_codes.valid_to
inner join claim_lines
    on asked_findings.member_id = claim_lines.member_id
    and asked_findings.provider_id = claim_lines.provider_id
    and asked_findings.claim_line_start_date <= claim_lines.claim_line_end_date
    and asked_findings.claim_line_end_date >= claim_lines.claim_line_start_date
where nursing_codes.visit_kind = 'infusion_visit_extra_hour'
