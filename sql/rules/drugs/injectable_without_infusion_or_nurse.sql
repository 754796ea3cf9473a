with considered_lines as (
    select claim_lines.*
    from claim_lines
    inner join injectable_drug_codes
        on claim_lines.hcpcs_code = injectable_drug_codes.code
        and claim_lines.claim_line_start_date
        between injectable_drug_codes.valid_from and injectable_drug_codes.valid_to
    left join line_modifiers
        on claim_lines.claim_id = line_modifiers.claim_id
        and claim_lines.claim_line_number = line_modifiers.claim_line_number
        and line_modifiers.modifier_use = 'route_sc'
    left join self_administered_lines
        on claim_lines.claim_id = self_administered_lines.claim_id
        and claim_lines.claim_line_number = self_administered_lines.claim_line_number
    where
        claim_lines.is_allowed and self_administered_lines.claim_id is null
        and (injectable_drug_codes.has_sc or injectable_drug_codes.has_im)
        and (not injectable_drug_codes.has_iv or line_modifiers.claim_id is not null)
        and not injectable_drug_codes.never_flag and not injectable_drug_codes.has_sc_infusion
        and injectable_drug_codes.self not in ('ndc_needed', 'not_tested')
),

infused_lines as (
    select
        considered_lines.claim_id, considered_lines.claim_line_number,
        per_diem_lines.claim_id as infusion_claim_id, per_diem_lines.claim_line_number as infusion_line_number,
        per_diem_lines.line_order
    from considered_lines
    inner join per_diem_lines
        on considered_lines.member_id = per_diem_lines.member_id
        and considered_lines.claim_line_start_date <= per_diem_lines.claim_line_end_date
        and considered_lines.claim_line_end_date >= per_diem_lines.claim_line_start_date
    where per_diem_lines.is_infusion
    union all
    select
        considered_lines.claim_id, considered_lines.claim_line_number,
        initial_lines.claim_id as infusion_claim_id, initial_lines.claim_line_number as infusion_line_number,
        initial_lines.line_order
    from considered_lines
    inner join claim_lines as initial_lines
        on considered_lines.member_id = initial_lines.member_id
        and considered_lines.claim_line_start_date <= initial_lines.claim_line_end_date
        and considered_lines.claim_line_end_date >= initial_lines.claim_line_start_date
    inner join initial_service_codes
        on initial_lines.hcpcs_code = initial_service_codes.code
        and initial_lines.claim_line_start_date
        between initial_service_codes.valid_from and initial_service_codes.valid_to
    where initial_lines.is_allowed and initial_service_codes.role = 'initial'
),

named_infusions as (
    select
        *, row_number() over (partition by claim_id, claim_line_number order by line_order) as place
    from infused_lines
),

situations as (
    select
        considered_lines.claim_id, considered_lines.claim_line_number, considered_lines.paid_cents,
        coalesce(named_infusions.infusion_claim_id, home_infusion_context.per_diem_claim_id) as related_claim_id,
        coalesce(named_infusions.infusion_line_number, home_infusion_context.per_diem_line_number)
            as related_claim_line_number,
        case
            when named_infusions.claim_id is not null then 'infusion'
            when nurse_visited_lines.has_rn_visit then 'registered nurse'
            when home_infusion_context.context in ('unknown', 'none') then home_infusion_context.context
            when nurse_visited_lines.has_lpn_visit then 'practical nurse'
            else home_infusion_context.context
        end as situation
    from considered_lines
    inner join home_infusion_context
        on considered_lines.claim_id = home_infusion_context.claim_id
        and considered_lines.claim_line_number = home_infusion_context.claim_line_number
    left join nurse_visited_lines
        on considered_lines.claim_id = nurse_visited_lines.claim_id
        and considered_lines.claim_line_number = nurse_visited_lines.claim_line_number
    left join named_infusions
        on considered_lines.claim_id = named_infusions.claim_id
        and considered_lines.claim_line_number = named_infusions.claim_line_number
        and named_infusions.place = 1
)

select
    claim_id, claim_line_number,
    case
        when situation in ('infusion', 'registered nurse', 'none') then 'pass'
        when situation = 'unknown' then 'not_evaluable'
        when situation in ('practical nurse', 'supplier') then 'review'
        else 'overpayment'
    end as outcome,
    case
        when situation in ('practical nurse', 'supplier', 'strong', 'near')
        then cast(paid_cents * 0.01 as decimal(18, 2))
        else 0
    end as amount,
    case situation
        when 'infusion' then 'an infusion on one of these days'
        when 'registered nurse' then 'a registered nurse came on one of these days'
        when 'none' then 'not at home, or the provider bills no home infusions'
        when 'unknown' then 'place_of_service_code: missing, and the provider supplies home infusions'
        when 'practical nurse' then 'no infusion allowed on these days, and only a visit of a practical nurse'
        when 'supplier' then
            'no allowed infusion or nurse-coded visit; from a supplier of home infusions, no per diem near'
        when 'strong' then
            'no allowed infusion or nurse-coded visit on these days, beside a home therapy of the provider'
        else
            'no allowed infusion or nurse-coded visit on these days, near a home therapy of the provider'
    end as reason,
    related_claim_id, related_claim_line_number
from situations
