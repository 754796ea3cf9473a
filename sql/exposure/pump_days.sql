-- The days of S9328 of members with a finding of the implanted pump rules: units billed and kept, and whether a refill
-- or visit is seen.
with found_members as (
    select distinct findings.member_id
    from findings
    inner join per_diem_codes on findings.hcpcs_code = per_diem_codes.code
    where per_diem_codes.family = 'pain_implanted_pump'
)

select
    implanted_pump_units.member_id, implanted_pump_units.provider_id, implanted_pump_units.service_date,
    implanted_pump_units.claim_id, implanted_pump_units.claim_line_number,
    implanted_pump_units.is_event, implanted_pump_units.is_weak,
    cast(implanted_pump_units.units * 0.001 as decimal(18, 3)) as unit_quantity,
    cast(implanted_pump_units.kept_units * 0.001 as decimal(18, 3)) as kept_unit_quantity
from implanted_pump_units
inner join found_members on implanted_pump_units.member_id = found_members.member_id
