-- Findings of extra hours without the first hours of their visit, where the provider's first hours of the day before
-- have no extra hours of that day: the visit may have gone past midnight.
with allowed_visits as (
    select
        claim_lines.member_id, claim_lines.provider_id, claim_lines.claim_line_start_date,
        claim_lines.claim_line_end_date, nursing_codes.visit_kind
    from claim_lines
    inner join nursing_codes
        on claim_lines.hcpcs_code = nursing_codes.code
        and claim_lines.claim_line_start_date between nursing_codes.valid_from and nursing_codes.valid_to
    where claim_lines.is_allowed and nursing_codes.visit_kind in ('infusion_visit', 'infusion_visit_extra_hour')
)

select distinct
    asked_findings.finding_id, 'first hours of the day before' as doubt, cast(null as varchar) as detail
from asked_findings
inner join rule_doubts on asked_findings.rule = rule_doubts.rule
inner join allowed_visits as first_hours
    on asked_findings.member_id = first_hours.member_id
    and asked_findings.provider_id = first_hours.provider_id
    and first_hours.visit_kind = 'infusion_visit'
    and date_diff('day', first_hours.claim_line_end_date, asked_findings.claim_line_start_date) = 1
inner join nursing_codes
    on asked_findings.hcpcs_code = nursing_codes.code
    and asked_findings.claim_line_start_date between nursing_codes.valid_from and nursing_codes.valid_to
left join allowed_visits as extra_hours
    on first_hours.member_id = extra_hours.member_id
    and first_hours.provider_id = extra_hours.provider_id
    and extra_hours.visit_kind = 'infusion_visit_extra_hour'
    and first_hours.claim_line_end_date between extra_hours.claim_line_start_date and extra_hours.claim_line_end_date
where
    rule_doubts.doubt = 'first hours of the day before'
    and nursing_codes.visit_kind = 'infusion_visit_extra_hour'
    and extra_hours.member_id is null
