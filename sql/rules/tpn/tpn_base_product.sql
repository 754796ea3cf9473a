with hydration_exceptions as (
    select distinct per_diem_overlaps.claim_id, per_diem_overlaps.claim_line_number
    from per_diem_overlaps
    inner join tpn_code_review_families
        on per_diem_overlaps.hcpcs_code = tpn_code_review_families.code
        and per_diem_overlaps.family = tpn_code_review_families.family
        and per_diem_overlaps.claim_line_start_date
        between tpn_code_review_families.valid_from and tpn_code_review_families.valid_to
    where per_diem_overlaps.is_same_provider
),

situations as (
    select
        tpn_lines.*,
        case
            when tpn_lines.is_away_from_home then 'away from home'
            when tpn_lines.covered_days = 0 then 'no tpn'
            when
                tpn_lines.policy in ('included', 'supply_included', 'equipment_included')
                and hydration_exceptions.claim_id is not null
            then 'other therapy'
            else tpn_lines.policy
        end as situation
    from tpn_lines
    left join hydration_exceptions
        on tpn_lines.claim_id = hydration_exceptions.claim_id
        and tpn_lines.claim_line_number = hydration_exceptions.claim_line_number
),

answers as (
    select
        *,
        case
            when situation in ('away from home', 'no tpn') then 'pass'
            when situation in ('included', 'supply_included', 'equipment_included', 'included_unless_specialty_ndc')
            then 'overpayment'
            when situation in ('separate', 'separate_by_class', 'separate_if_fluid_restricted') then 'excepted'
            when situation = 'ndc_needed' then 'not_evaluable'
            else 'review'
        end as outcome
    from situations
)

select
    claim_id, claim_line_number, outcome,
    case when outcome in ('overpayment', 'review') then cast(
        cast((paid_cents * covered_days * 2 + day_count) // (2 * day_count) as decimal(20, 0)) * 0.01 as decimal(18, 2)
    ) else 0 end as amount,
    case
        when situation = 'away from home' then 'not at home nor in an infusion suite'
        when situation = 'no tpn' then 'no TPN per diem of the provider on these days'
        when situation = 'other therapy' then 'an electrolyte that may belong to another therapy on these days'
        when situation = 'supply_included' then 'a supply that the TPN per diem includes'
        when situation = 'equipment_included' then 'equipment that the TPN per diem includes'
        when outcome = 'overpayment' then 'a base product that the TPN per diem includes'
        when situation = 'separate_if_fluid_restricted' then 'concentrated amino acids: the rule for them decides'
        when outcome = 'excepted' then 'billable beside TPN'
        when outcome = 'not_evaluable' then 'ndc_code: missing, or names no listed product'
        when situation = 'included_by_class'
        then 'of a kind that the TPN per diem includes, though the policy does not name it'
        when situation = 'ambiguous' then 'the name stands for an included and for a separate product'
        else 'the policy does not say whether the TPN per diem includes it'
    end as reason,
    case when not is_away_from_home then per_diem_claim_id end as related_claim_id,
    case when not is_away_from_home then per_diem_line_number end as related_claim_line_number
from answers
