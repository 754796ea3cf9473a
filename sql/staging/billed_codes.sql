-- Every procedure code of the file: whether some rule can use it, whether it is a drug's or a service of staff, and
-- whether it is more than a code, such as one with its modifier, which is on no list.
with codes as (
    select distinct hcpcs_code as code from typed_rows
    where hcpcs_code is not null
),

unlisted_per_diems as (
    select distinct codes.code
    from codes
    inner join hcpcs_s_ranges on codes.code between hcpcs_s_ranges.code_from and hcpcs_s_ranges.code_to
    where codes.code like 'S%'
),

drugs as (
    select distinct codes.code
    from codes
    inner join drug_code_ranges on codes.code between drug_code_ranges.code_from and drug_code_ranges.code_to
),

staff_services as (
    select distinct code from staff_service_codes
)

select
    codes.code,
    audited_codes.code is not null or unlisted_per_diems.code is not null as is_audited,
    drugs.code is not null as is_drug,
    staff_services.code is not null as is_staff_service,
    length(codes.code) > 5 and regexp_matches(codes.code, '[A-Z0-9][0-9]{3}[A-Z0-9]') as is_more_than_a_code
from codes
left join audited_codes on codes.code = audited_codes.code
left join unlisted_per_diems on codes.code = unlisted_per_diems.code
left join drugs on codes.code = drugs.code
left join staff_services on codes.code = staff_services.code
