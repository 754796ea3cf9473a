-- Findings that rest on a registered nurse's visit, a service of an implanted pump or an infusion being absent, on a
-- day of which some provider billed one that was not allowed.
with services as (
    select code, code_system, valid_from, valid_to, 'denied visit' as service from nursing_codes
    where role = 'rn_visit' or role = 'rn_visit_facility_rev'
    union all
    select code, 'hcpcs' as code_system, valid_from, valid_to, 'denied pump service' as service from pump_refill_codes
    union all
    select code, 'hcpcs' as code_system, valid_from, valid_to, 'denied infusion' as service from initial_service_codes
    where role = 'initial'
),

denied_lines as (
    select
        claim_lines.member_id, claim_lines.claim_line_start_date, claim_lines.claim_line_end_date, services.service
    from claim_lines
    inner join services
        on claim_lines.claim_line_start_date between services.valid_from and services.valid_to
        and (
            (services.code_system = 'hcpcs' and claim_lines.hcpcs_code = services.code)
            or (
                services.code_system = 'revenue' and claim_lines.hcpcs_code is null
                and claim_lines.revenue_center_code = services.code
            )
        )
    where not claim_lines.is_allowed
)

select distinct
    asked_findings.finding_id, denied_lines.service as doubt, cast(null as varchar) as detail
from asked_findings
inner join rule_doubts on asked_findings.rule = rule_doubts.rule
inner join denied_lines
    on asked_findings.member_id = denied_lines.member_id
    and rule_doubts.doubt = denied_lines.service
    and asked_findings.claim_line_start_date <= denied_lines.claim_line_end_date
    and asked_findings.claim_line_end_date >= denied_lines.claim_line_start_date
