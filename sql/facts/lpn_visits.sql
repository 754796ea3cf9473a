-- One row per allowed line that shows a licensed practical nurse's visit and day.
select
    claim_lines.claim_id, claim_lines.claim_line_number, claim_lines.member_id,
    calendar.calendar_date as visit_date
from claim_lines
inner join nursing_codes
    on claim_lines.hcpcs_code = nursing_codes.code
    and claim_lines.claim_line_start_date between nursing_codes.valid_from and nursing_codes.valid_to
inner join calendar
    on calendar.calendar_date between claim_lines.claim_line_start_date and claim_lines.claim_line_end_date
where claim_lines.is_allowed and nursing_codes.role = 'lpn_visit' and nursing_codes.code_system = 'hcpcs'
