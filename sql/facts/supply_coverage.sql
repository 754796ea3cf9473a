-- For each supply line that a bundling per diem overlaps: whose per diem it is, on how many days, which one to name.
-- A per diem bundles every supply, or only those listed with it, or only those of an injection. Where a per diem that
-- lists the supply overlaps, it alone counts; another provider's counts only where the line has no own one. To name is
-- what the answer rests on: no implanted pump's where another overlaps, then the one of most common days, then one on
-- the same claim where the kind of supply asks for it.
with bundling_overlaps as (
    select
        per_diem_overlap_days.*, supply_code_per_diems.per_diem_code is not null as is_listed,
        per_diem_overlap_days.family = 'pain_implanted_pump' as is_implanted_pump,
        supply_codes.tier in ('T2', 'NEVER') and per_diem_overlap_days.is_same_claim as is_claim_asked_for
    from per_diem_overlap_days
    inner join supply_codes
        on per_diem_overlap_days.hcpcs_code = supply_codes.code
        and per_diem_overlap_days.claim_line_start_date between supply_codes.valid_from and supply_codes.valid_to
    left join supply_code_per_diems
        on per_diem_overlap_days.hcpcs_code = supply_code_per_diems.code
        and per_diem_overlap_days.per_diem_code = supply_code_per_diems.per_diem_code
        and per_diem_overlap_days.claim_line_start_date
        between supply_code_per_diems.valid_from and supply_code_per_diems.valid_to
    where
        per_diem_overlap_days.bundles_supplies = 'every'
        or (per_diem_overlap_days.bundles_supplies = 'listed' and supply_code_per_diems.per_diem_code is not null)
        or (per_diem_overlap_days.bundles_supplies = 'injection' and supply_codes.for_injection_per_diem)
),

line_flags as (
    select
        claim_id, claim_line_number,
        bool_or(is_same_provider) as is_own,
        bool_or(is_same_provider and is_listed) as has_listed,
        bool_or(is_same_provider and is_same_claim) as is_on_claim_of_per_diem,
        bool_and(is_implanted_pump or not is_same_provider) as is_only_implanted_pump
    from bundling_overlaps
    where is_same_provider or is_infusion
    group by claim_id, claim_line_number
),

counted_days as (
    select bundling_overlaps.*
    from bundling_overlaps
    inner join line_flags
        on bundling_overlaps.claim_id = line_flags.claim_id
        and bundling_overlaps.claim_line_number = line_flags.claim_line_number
    where
        case
            when line_flags.has_listed then bundling_overlaps.is_same_provider and bundling_overlaps.is_listed
            when line_flags.is_own then bundling_overlaps.is_same_provider
            else bundling_overlaps.is_infusion
        end
),

covered_days as (
    select claim_id, claim_line_number, count(distinct service_date) as covered_days from counted_days
    group by claim_id, claim_line_number
),

named_per_diems as (
    select
        claim_id, claim_line_number, per_diem_claim_id, per_diem_line_number,
        row_number() over (
            partition by claim_id, claim_line_number
            order by
                case when is_implanted_pump then 1 else 0 end, common_days desc,
                case when is_claim_asked_for then 0 else 1 end, per_diem_line_order
        ) as place
    from counted_days
    where service_date = first_common_date
)

select
    line_flags.*, covered_days.covered_days, named_per_diems.per_diem_claim_id, named_per_diems.per_diem_line_number
from line_flags
inner join covered_days
    on line_flags.claim_id = covered_days.claim_id and line_flags.claim_line_number = covered_days.claim_line_number
inner join named_per_diems
    on line_flags.claim_id = named_per_diems.claim_id
    and line_flags.claim_line_number = named_per_diems.claim_line_number
    and named_per_diems.place = 1
