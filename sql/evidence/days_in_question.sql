-- Per rule, line and day: the days that an amount is the share of, and the line that proves each. Rules that put the
-- whole line in question have none. A name with a point is a named selection of that rule or fact.
select rule, claim_id, claim_line_number, service_date, proof_claim_id, proof_claim_line_number
from days_paid_by_per_diems
union all
select
    'clinic_refill_billed_twice' as rule, claim_id, claim_line_number, service_date, clinic_claim_id, clinic_line_number
from clinic_refill_billed_twice.pump_per_diem_days
union all
select
    'per_diem_duplicate_day' as rule, found.claim_id, found.claim_line_number, found.service_date,
    earlier.claim_id as proof_claim_id, earlier.claim_line_number as proof_claim_line_number
from per_diem_duplicate_days as found
inner join per_diem_lines as earlier
    on found.member_id = earlier.member_id and found.earlier_line_order = earlier.line_order
union all
select
    'per_diem_code_conflict' as rule, found.claim_id, found.claim_line_number, found.service_date,
    others.claim_id as proof_claim_id, others.claim_line_number as proof_claim_line_number
from per_diem_conflict_days as found
inner join per_diem_lines as others
    on found.member_id = others.member_id and found.other_line_order = others.line_order
union all
select
    'concurrent_therapy_modifier' as rule, found.claim_id, found.claim_line_number, found.service_date,
    best_lines.claim_id as proof_claim_id, best_lines.claim_line_number as proof_claim_line_number
from concurrent_therapy_modifier.ranked_days as found
inner join per_diem_lines as best_lines
    on found.member_id = best_lines.member_id and found.best_line_order = best_lines.line_order
where found.therapy_rank < 3 and found.place > 1
union all
select
    'catheter_care_with_infusion' as rule, care.claim_id, care.claim_line_number, infusions.service_date,
    infusions.claim_id as proof_claim_id, infusions.claim_line_number as proof_claim_line_number
from catheter_care_with_infusion.considered_lines as care
inner join per_diem_days as infusions
    on care.member_id = infusions.member_id
    and care.provider_id = infusions.provider_id
    and infusions.service_date between care.claim_line_start_date and care.claim_line_end_date
where infusions.is_infusion
union all
select
    'per_diem_during_inpatient_stay' as rule, claim_id, claim_line_number, service_date,
    stay_claim_id as proof_claim_id, stay_line_number as proof_claim_line_number
from per_diem_stay_days
where not is_on_leave and not is_perhaps_on_leave
union all
select
    'pump_charges_off_refill_day' as rule, charges.claim_id, charges.claim_line_number, calendar.calendar_date,
    charges.pump_claim_id as proof_claim_id, charges.pump_line_number as proof_claim_line_number
from pump_charges_off_refill_day.lines_beside_pump as charges
inner join calendar
    on calendar.calendar_date between charges.claim_line_start_date and charges.claim_line_end_date
left join pump_charges_off_refill_day.refill_days as refill_days
    on charges.member_id = refill_days.member_id
    and charges.pump_provider_id = refill_days.provider_id
    and calendar.calendar_date = refill_days.refill_date
where charges.place = 1 and refill_days.refill_date is null
