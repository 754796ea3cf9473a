-- What kind of thing a code pays for, as the code lists have it; of several kinds the first counts.
with kinds as (
    select 1 as kind_order, 'per diem' as code_kind, code, family from per_diem_codes
    where is_per_diem
    union all
    select 2, 'nursing', code, cast(null as varchar) from nursing_codes
    union all
    select 3, 'TPN product', code, cast(null as varchar) from tpn_codes
    union all
    select 4, 'drug', code, cast(null as varchar) from injectable_drug_codes
    union all
    select 4, 'drug', code, cast(null as varchar) from clotting_factor_codes
    union all
    select 4, 'drug', code, cast(null as varchar) from drug_per_diem_pairs
    union all
    select 5, 'supply or equipment', code, cast(null as varchar) from supply_codes
    union all
    select 6, 'included service', code, cast(null as varchar) from included_service_codes
    union all
    select 7, 'administration', code, cast(null as varchar) from initial_service_codes
),

ranked_kinds as (
    select *, row_number() over (partition by code order by kind_order, family) as place from kinds
)

select code as hcpcs_code, code_kind, family from ranked_kinds
where place = 1
