with situations as (
    select
        claim_lines.claim_id, claim_lines.claim_line_number, claim_lines.paid_cents, claim_lines.day_count,
        included_service_codes.strength, per_diem_coverage.covered_days,
        case
            when included_service_codes.is_member_owned_exempt then per_diem_coverage.upkeep_claim_id
            else per_diem_coverage.per_diem_claim_id
        end as per_diem_claim_id,
        case
            when included_service_codes.is_member_owned_exempt then per_diem_coverage.upkeep_line_number
            else per_diem_coverage.per_diem_line_number
        end as per_diem_line_number,
        case
            when
                claim_lines.is_away_from_home and not included_service_codes.has_any_provider
            then 'away from home'
            when per_diem_coverage.claim_id is null then 'no per diem'
            when included_service_codes.is_member_owned_exempt and member_owned_lines.claim_id is not null
            then 'member owned'
            when included_service_codes.is_member_owned_exempt and per_diem_coverage.is_only_implanted_pump
            then 'implanted pump'
            else 'beside'
        end as situation
    from claim_lines
    inner join included_service_codes
        on claim_lines.hcpcs_code = included_service_codes.code
        and claim_lines.claim_line_start_date
        between included_service_codes.valid_from and included_service_codes.valid_to
    left join per_diem_coverage
        on claim_lines.claim_id = per_diem_coverage.claim_id
        and claim_lines.claim_line_number = per_diem_coverage.claim_line_number
        and per_diem_coverage.kind = case when included_service_codes.has_any_provider then 'any' else 'own' end
    left join member_owned_lines
        on claim_lines.claim_id = member_owned_lines.claim_id
        and claim_lines.claim_line_number = member_owned_lines.claim_line_number
    where claim_lines.is_allowed
),

answers as (
    select
        *,
        case
            when situation in ('away from home', 'no per diem') then 'pass'
            when situation in ('member owned', 'implanted pump') then 'excepted'
            when strength = 'hard' then 'overpayment'
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
        when situation = 'no per diem' then 'no per diem on these days that includes it'
        when situation = 'member owned' then 'the member owns the equipment'
        when situation = 'implanted pump' then 'the only per diem is that of an implanted pump, which the member owns'
        when outcome = 'overpayment' then 'a service that the per diem includes by name'
        else 'a service that the per diem may include by its general wording'
    end as reason,
    case when situation <> 'away from home' then per_diem_claim_id end as related_claim_id,
    case when situation <> 'away from home' then per_diem_line_number end as related_claim_line_number
from answers
