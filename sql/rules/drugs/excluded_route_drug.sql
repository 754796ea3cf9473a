with route_lines as (
    select claim_lines.*, false as is_intradialytic, route_exclusion_codes.route
    from claim_lines
    inner join route_exclusion_codes
        on claim_lines.hcpcs_code = route_exclusion_codes.code
        and claim_lines.claim_line_start_date
        between route_exclusion_codes.valid_from and route_exclusion_codes.valid_to
    left join line_modifiers
        on claim_lines.claim_id = line_modifiers.claim_id
        and claim_lines.claim_line_number = line_modifiers.claim_line_number
        and line_modifiers.modifier_use = 'oral_nutrition'
    where
        claim_lines.is_allowed
        and (route_exclusion_codes.route <> 'oral_if_modifier_BO' or line_modifiers.claim_id is not null)
),

nutrition_lines as (
    select claim_lines.claim_id, claim_lines.claim_line_number
    from claim_lines
    inner join drug_code_ranges
        on claim_lines.hcpcs_code between drug_code_ranges.code_from and drug_code_ranges.code_to
        and claim_lines.claim_line_start_date between drug_code_ranges.valid_from and drug_code_ranges.valid_to
    where claim_lines.is_allowed and drug_code_ranges.is_parenteral_nutrition
    union
    select claim_id, claim_line_number from per_diem_lines
    where family = 'tpn'
),

intradialytic_lines as (
    select claim_lines.*, true as is_intradialytic, 'intradialytic' as route
    from nutrition_lines
    inner join claim_lines
        on nutrition_lines.claim_id = claim_lines.claim_id
        and nutrition_lines.claim_line_number = claim_lines.claim_line_number
    left join line_modifiers
        on claim_lines.claim_id = line_modifiers.claim_id
        and claim_lines.claim_line_number = line_modifiers.claim_line_number
        and line_modifiers.modifier_use = 'route_dialysate'
    left join place_of_service_codes
        on claim_lines.place_code = place_of_service_codes.code
        and claim_lines.claim_line_start_date
        between place_of_service_codes.valid_from and place_of_service_codes.valid_to
    where line_modifiers.claim_id is not null or place_of_service_codes.is_dialysis_facility
),

considered_lines as (
    select claim_id, claim_line_number, member_id, paid_cents, is_intradialytic, route from route_lines
    union all
    select claim_id, claim_line_number, member_id, paid_cents, is_intradialytic, route from intradialytic_lines
),

-- The per diem to name where one stands on the claim: the first in the order of lines.
claim_per_diems as (
    select
        claim_id, member_id, claim_line_number,
        row_number() over (partition by claim_id, member_id order by line_order) as place
    from per_diem_lines
),

situations as (
    select
        considered_lines.*,
        home_infusion_context.per_diem_claim_id, home_infusion_context.per_diem_line_number,
        claim_per_diems.claim_id as own_claim_id, claim_per_diems.claim_line_number as own_line_number,
        case
            when considered_lines.is_intradialytic then 'intradialytic'
            when home_infusion_context.context = 'strong' then 'strong'
            when claim_per_diems.claim_id is not null then 'same claim'
            else home_infusion_context.context
        end as situation
    from considered_lines
    left join home_infusion_context
        on considered_lines.claim_id = home_infusion_context.claim_id
        and considered_lines.claim_line_number = home_infusion_context.claim_line_number
    left join claim_per_diems
        on considered_lines.claim_id = claim_per_diems.claim_id
        and considered_lines.member_id = claim_per_diems.member_id
        and claim_per_diems.place = 1
)

select
    claim_id, claim_line_number,
    case
        when situation in ('intradialytic', 'strong', 'same claim') then 'overpayment'
        when situation = 'near' then 'review'
        when situation = 'unknown' then 'not_evaluable'
        else 'pass'
    end as outcome,
    case
        when situation in ('intradialytic', 'strong', 'same claim', 'near')
        then cast(paid_cents * 0.01 as decimal(18, 2))
        else 0
    end as amount,
    case
        when situation = 'intradialytic' then 'parenteral nutrition given during dialysis'
        when situation = 'near' then 'a drug that home infusion excludes, within 90 days of a home therapy'
        when situation = 'unknown' then 'place_of_service_code: missing, and the provider supplies home infusions'
        when situation not in ('strong', 'same claim') then 'no home therapy of the provider near, or not at home'
        when route in ('oral', 'oral_if_modifier_BO') then 'an oral drug or formula billed with a home therapy'
        when route = 'inhaled' then 'an inhaled drug billed with a home therapy'
        when route = 'topical' then 'a topical drug billed with a home therapy'
        else 'an osteoarthritis drug billed with a home therapy'
    end as reason,
    case situation when 'intradialytic' then null when 'same claim' then own_claim_id else per_diem_claim_id end
        as related_claim_id,
    case situation when 'intradialytic' then null when 'same claim' then own_line_number else per_diem_line_number end
        as related_claim_line_number
from situations
