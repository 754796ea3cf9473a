-- One row per per diem line and day.
select
    per_diem_lines.claim_id, per_diem_lines.claim_line_number, per_diem_lines.member_id, per_diem_lines.provider_id,
    per_diem_lines.hcpcs_code, per_diem_lines.family, per_diem_lines.is_infusion, per_diem_lines.is_refilled_pump,
    per_diem_lines.line_order,
    calendar.calendar_date as service_date
from per_diem_lines
inner join calendar
    on calendar.calendar_date between per_diem_lines.claim_line_start_date and per_diem_lines.claim_line_end_date
