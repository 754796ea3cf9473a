with considered_lines as (
    select claim_id, claim_line_number, family, false as is_visit from per_diem_lines
    where family <> 'pain_implanted_pump'
    union all
    select claim_lines.claim_id, claim_lines.claim_line_number, 'home_visit' as family, true as is_visit
    from claim_lines
    inner join home_visit_codes
        on claim_lines.hcpcs_code = home_visit_codes.code
        and claim_lines.claim_line_start_date between home_visit_codes.valid_from and home_visit_codes.valid_to
    where claim_lines.is_allowed
),

answers as (
    select
        claim_lines.claim_id, claim_lines.claim_line_number, claim_lines.paid_cents, claim_lines.place_setting,
        claim_lines.is_away_from_home, considered_lines.is_visit,
        case
            when claim_lines.place_setting = 'missing' then 'not_evaluable'
            when not claim_lines.is_away_from_home then 'pass'
            when considered_lines.is_visit then 'review'
            else coalesce(family_places.outcome, any_places.outcome, 'review')
        end as outcome
    from considered_lines
    inner join claim_lines
        on considered_lines.claim_id = claim_lines.claim_id
        and considered_lines.claim_line_number = claim_lines.claim_line_number
    left join per_diem_place_outcomes as family_places
        on claim_lines.place_code = family_places.place_of_service_code
        and considered_lines.family = family_places.family
        and claim_lines.claim_line_start_date between family_places.valid_from and family_places.valid_to
    left join per_diem_place_outcomes as any_places
        on claim_lines.place_code = any_places.place_of_service_code and any_places.family = 'any'
        and claim_lines.claim_line_start_date between any_places.valid_from and any_places.valid_to
)

select
    claim_id, claim_line_number, outcome,
    case when outcome in ('overpayment', 'review') then cast(paid_cents * 0.01 as decimal(18, 2)) else 0 end as amount,
    case
        when outcome = 'not_evaluable' then 'place_of_service_code: missing, and no bill type stands in for it'
        when is_visit and outcome = 'pass' then 'a visit at home or in the infusion suite'
        when is_visit then 'a home infusion visit billed for a place that is neither home nor infusion suite'
        when place_setting = 'home' then 'a per diem at home'
        when place_setting = 'suite' then 'a per diem in the infusion suite'
        when outcome = 'pass' then 'a place where this therapy may be given'
        when outcome = 'overpayment' then 'a home infusion per diem for a place where the facility gives the care'
        when place_setting = 'facility' then 'a home infusion per diem billed for an office'
        else 'a home infusion per diem for a place of which the policy does not say whether it is a home'
    end as reason,
    cast(null as varchar) as related_claim_id, cast(null as bigint) as related_claim_line_number
from answers
