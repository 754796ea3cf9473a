-- One row per allowed line that shows a registered nurse's visit and day, by procedure or, without one, revenue code.
with visit_lines as (
    select claim_lines.*, nursing_codes.visit_kind
    from claim_lines
    inner join nursing_codes
        on claim_lines.hcpcs_code = nursing_codes.code
        and claim_lines.claim_line_start_date between nursing_codes.valid_from and nursing_codes.valid_to
    where claim_lines.is_allowed and nursing_codes.role = 'rn_visit' and nursing_codes.code_system = 'hcpcs'
    union all
    select claim_lines.*, nursing_codes.visit_kind
    from claim_lines
    inner join nursing_codes
        on claim_lines.revenue_center_code = nursing_codes.code
        and claim_lines.claim_line_start_date between nursing_codes.valid_from and nursing_codes.valid_to
    where
        claim_lines.is_allowed and claim_lines.hcpcs_code is null
        and nursing_codes.role = 'rn_visit_facility_rev' and nursing_codes.code_system = 'revenue'
)

select
    visit_lines.claim_id, visit_lines.claim_line_number, visit_lines.member_id, visit_lines.provider_id,
    visit_lines.hcpcs_code, visit_lines.place_setting,
    coalesce(visit_lines.visit_kind = 'infusion_visit', false) as is_infusion_visit,
    calendar.calendar_date as visit_date
from visit_lines
inner join calendar
    on calendar.calendar_date between visit_lines.claim_line_start_date and visit_lines.claim_line_end_date
