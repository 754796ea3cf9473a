-- Codes of lines that bear on lines of any later day: per diems make a supplier, a bought pump stays bought.
select code, bool_or(family = 'pain_implanted_pump') as is_implanted_pump
from (
    select code, family from per_diem_codes
    union all
    select code, null as family from pump_codes
    union all
    select code, null as family from member_owned_battery_codes
) as codes
group by code
