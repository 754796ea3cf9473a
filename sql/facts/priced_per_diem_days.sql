-- One row per per diem line and day, with what rules compare on a day: the therapy's rank by its modifiers (1 none,
-- 2 second, 3 third or later; a line with both is a second one), the ends of its span, and the pay per day without
-- rounding: whole cents, then the rest in billionths of a thousandth of a cent.
with marked_lines as (
    select claim_id, claim_line_number, min(therapy_rank) as therapy_rank
    from line_modifiers
    where modifier_use = 'concurrency'
    group by claim_id, claim_line_number
)

select
    per_diem_days.claim_id, per_diem_days.claim_line_number, per_diem_days.member_id, per_diem_days.provider_id,
    per_diem_days.hcpcs_code, per_diem_days.family, per_diem_days.is_infusion, per_diem_days.line_order,
    per_diem_days.service_date, claim_lines.claim_line_start_date,
    coalesce(marked_lines.therapy_rank, 1) as therapy_rank,
    per_diem_days.service_date = claim_lines.claim_line_start_date as is_first_day,
    per_diem_days.service_date = claim_lines.claim_line_end_date as is_last_day,
    claim_lines.day_count > 1 as has_several_days,
    cast(claim_lines.paid_amount * 100 as bigint) // claim_lines.day_count as cents_per_day,
    ((cast(claim_lines.paid_amount * 100 as bigint) % claim_lines.day_count) * 1000000000000)
    // claim_lines.day_count as cents_per_day_rest
from per_diem_days
inner join claim_lines
    on per_diem_days.claim_id = claim_lines.claim_id
    and per_diem_days.claim_line_number = claim_lines.claim_line_number
left join marked_lines
    on per_diem_days.claim_id = marked_lines.claim_id
    and per_diem_days.claim_line_number = marked_lines.claim_line_number
