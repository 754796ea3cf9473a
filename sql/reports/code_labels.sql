-- One label per procedure code, from the code lists that describe codes; the list named first wins.
with labelled_codes as (
    select
        code,
        label,
        1 as list_order
    from per_diem_codes
    union all
    select
        code,
        label,
        2 as list_order
    from supply_codes
    union all
    select
        code,
        label,
        3 as list_order
    from included_service_codes
    union all
    select
        code,
        label,
        4 as list_order
    from tpn_codes
    union all
    select
        code,
        label,
        5 as list_order
    from injectable_drug_codes
    union all
    select
        code,
        label,
        6 as list_order
    from clotting_factor_codes
    union all
    select
        code,
        label,
        7 as list_order
    from drug_per_diem_pairs
    union all
    select
        code,
        label,
        8 as list_order
    from nursing_codes
    union all
    select
        code,
        label,
        9 as list_order
    from initial_service_codes
    union all
    select
        code,
        label,
        10 as list_order
    from pump_refill_codes
    union all
    select
        code,
        label,
        11 as list_order
    from hcpcs_validity
    union all
    select
        code,
        label,
        12 as list_order
    from staff_service_codes
)

select
    code as hcpcs_code,
    arg_min(label, list_order) as label
from labelled_codes
where label is not null
group by code
