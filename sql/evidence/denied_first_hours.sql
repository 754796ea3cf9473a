-- Findings of extra hours without the first hours of their visit, on a day of which the provider billed first hours
-- that were not allowed.
select distinct
    asked_findings.finding_id, 'denied first hours' as doubt, cast(null as varchar) as detail
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
inner join nursing_codes as first_hours
    on claim_lines.hcpcs_code = first_hours.code
    and claim_lines.claim_line_start_date between first_hours.valid_from and first_hours.valid_to
where
    rule_doubts.doubt = 'denied first hours'
    and extra_hours.visit_kind = 'infusion_visit_extra_hour'
    and first_hours.visit_kind = 'infusion_visit'
    and not claim_lines.is_allowed
