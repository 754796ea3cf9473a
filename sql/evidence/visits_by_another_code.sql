-- Findings of extra hours without the first hours of their visit, on a day of which a nurse's visit of the provider was
-- paid by another code.
select distinct
    asked_findings.finding_id, 'visit by another code' as doubt, cast(null as varchar) as detail
from asked_findings
inner join rule_doubts on asked_findings.rule = rule_doubts.rule
inner join nursing_codes as extra_hours
    on asked_findings.hcpcs_code = extra_hours.code
    and asked_findings.claim_line_start_date between extra_hours.valid_from and extra_hours.valid_to
inner join claim_lines
    on asked_findings.member_id = claim_lines.member_id
    and asked_findings.provider_id = claim_lines.provider_id
    and asked_findings.claim_line_start_date <= claim_lines.claim_line_end_date
    and asked_findings.claim_line_end_date >= claim_lines.claim_line_start_date
inner join nursing_codes as visits
    on claim_lines.claim_line_start_date between visits.valid_from and visits.valid_to
    and (
        (visits.code_system = 'hcpcs' and claim_lines.hcpcs_code = visits.code)
        or (
            visits.code_system = 'revenue' and claim_lines.hcpcs_code is null
            and claim_lines.revenue_center_code = visits.code
        )
    )
where
    rule_doubts.doubt = 'visit by another code'
    and extra_hours.visit_kind = 'infusion_visit_extra_hour'
    and visits.role in ('rn_visit', 'lpn_visit', 'rn_visit_facility_rev')
    and claim_lines.is_allowed
