-- Findings of extra hours without the first hours of their visit, on a day of which a nurse's visit of the provider was
-- paid by another code.
select distinct
    lines_beside_extra_hours.finding_id, 'visit by another code' as doubt, cast(null as varchar) as detail
from lines_beside_extra_hours
inner join rule_doubts on lines_beside_extra_hours.rule = rule_doubts.rule
inner join nursing_codes
    on lines_beside_extra_hours.claim_line_start_date between nursing_codes.valid_from and nursing_codes.valid_to
    and (
        (nursing_codes.code_system = 'hcpcs' and lines_beside_extra_hours.hcpcs_code = nursing_codes.code)
        or (
            nursing_codes.code_system = 'revenue' and lines_beside_extra_hours.hcpcs_code is null
            and lines_beside_extra_hours.revenue_center_code = nursing_codes.code
        )
    )
where
    rule_doubts.doubt = 'visit by another code'
    and nursing_codes.role in ('rn_visit', 'lpn_visit', 'rn_visit_facility_rev')
    and lines_beside_extra_hours.is_allowed
