-- Findings of extra hours without the first hours of their visit, on a day of which the provider billed first hours
-- that were not allowed.
select distinct
    lines_beside_extra_hours.finding_id, 'denied first hours' as doubt, cast(null as varchar) as detail
from lines_beside_extra_hours
inner join rule_doubts on lines_beside_extra_hours.rule = rule_doubts.rule
inner join nursing_codes
    on lines_beside_extra_hours.hcpcs_code = nursing_codes.code
    and lines_beside_extra_hours.claim_line_start_date between nursing_codes.valid_from and nursing_codes.valid_to
where
    rule_doubts.doubt = 'denied first hours'
    and nursing_codes.visit_kind = 'infusion_visit'
    and not lines_beside_extra_hours.is_allowed
