-- Per rule, line and day: the days on which a line was in order, of rules that take back the others; `is_in_part` where
-- more units were billed for the day than stand.
select
    'implanted_pump_daily_billing' as rule, claim_id, claim_line_number, service_date,
    cast(null as varchar) as proof_claim_id, cast(null as bigint) as proof_claim_line_number,
    kept_units < units as is_in_part
from implanted_pump_units
where kept_units > 0
union all
select
    'pump_charges_off_refill_day', lines.claim_id, lines.claim_line_number, refill_days.refill_date, null, null, false
from pump_charges_off_refill_day.lines_beside_pump as lines
inner join pump_charges_off_refill_day.refill_days as refill_days
    on lines.member_id = refill_days.member_id
    and lines.pump_provider_id = refill_days.provider_id
    and refill_days.refill_date between lines.claim_line_start_date and lines.claim_line_end_date
where lines.place = 1
union all
select
    'per_diem_exceeds_infusion_days', claim_id, claim_line_number, infusion_date, drug_claim_id, drug_line_number, false
from per_diem_exceeds_infusion_days.drug_doses
