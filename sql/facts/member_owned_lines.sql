-- Lines with a sign that the member owns the pump: a repaired part, an earlier purchase, or its batteries.
with pump_purchases as (
    select claim_lines.member_id, claim_lines.hcpcs_code, min(claim_lines.claim_line_start_date) as purchase_date
    from claim_lines
    inner join pump_codes
        on claim_lines.hcpcs_code = pump_codes.code
        and claim_lines.claim_line_start_date between pump_codes.valid_from and pump_codes.valid_to
    inner join line_modifiers
        on claim_lines.claim_id = line_modifiers.claim_id
        and claim_lines.claim_line_number = line_modifiers.claim_line_number
    where claim_lines.is_allowed and line_modifiers.modifier_use = 'ownership'
    group by claim_lines.member_id, claim_lines.hcpcs_code
),

battery_lines as (
    select claim_lines.member_id, claim_lines.claim_line_start_date as battery_date
    from claim_lines
    inner join member_owned_battery_codes
        on claim_lines.hcpcs_code = member_owned_battery_codes.code
        and claim_lines.claim_line_start_date
        between member_owned_battery_codes.valid_from and member_owned_battery_codes.valid_to
    where claim_lines.is_allowed
),

owned_pumps as (
    select claim_lines.claim_id, claim_lines.claim_line_number, 'purchase' as signal
    from claim_lines
    inner join pump_purchases
        on claim_lines.member_id = pump_purchases.member_id and claim_lines.hcpcs_code = pump_purchases.hcpcs_code
    where pump_purchases.purchase_date < claim_lines.claim_line_start_date
),

owned_upkeep as (
    select claim_lines.claim_id, claim_lines.claim_line_number, 'purchase' as signal
    from claim_lines
    inner join upkeep_codes
        on claim_lines.hcpcs_code = upkeep_codes.code
        and claim_lines.claim_line_start_date between upkeep_codes.valid_from and upkeep_codes.valid_to
    inner join pump_purchases on claim_lines.member_id = pump_purchases.member_id
    where pump_purchases.purchase_date < claim_lines.claim_line_start_date
    union all
    select claim_lines.claim_id, claim_lines.claim_line_number, 'battery' as signal
    from claim_lines
    inner join upkeep_codes
        on claim_lines.hcpcs_code = upkeep_codes.code
        and claim_lines.claim_line_start_date between upkeep_codes.valid_from and upkeep_codes.valid_to
    inner join battery_lines on claim_lines.member_id = battery_lines.member_id
    where date_diff('day', battery_lines.battery_date, claim_lines.claim_line_start_date) between 0 and 365
),

repaired_parts as (
    select claim_id, claim_line_number, 'repair' as signal from line_modifiers
    where modifier_use = 'repair'
)

select claim_id, claim_line_number, bool_or(signal = 'repair') as has_repair_modifier
from (
    select * from owned_pumps
    union all
    select * from owned_upkeep
    union all
    select * from repaired_parts
) as signals
group by claim_id, claim_line_number
