with situations as (
    select
        claim_lines.claim_id, claim_lines.claim_line_number, claim_lines.paid_cents, claim_lines.day_count,
        iv_solution_codes.in_policy_range, infusions.covered_days,
        case
            when claim_lines.is_away_from_home then 'away from home'
            when hydrations.claim_id is not null then 'hydration'
            when infusions.claim_id is null then 'no infusion'
            when claim_diagnoses.has_hydration_need then 'hydration diagnosis'
            when not claim_diagnoses.has_diagnosis then 'no diagnosis'
            else 'incidental'
        end as situation,
        coalesce(hydrations.per_diem_claim_id, infusions.per_diem_claim_id) as per_diem_claim_id,
        case
            when hydrations.claim_id is not null then hydrations.per_diem_line_number
            else infusions.per_diem_line_number
        end as per_diem_line_number
    from claim_lines
    inner join iv_solution_codes
        on claim_lines.hcpcs_code = iv_solution_codes.code
        and claim_lines.claim_line_start_date between iv_solution_codes.valid_from and iv_solution_codes.valid_to
    inner join claim_diagnoses on claim_lines.claim_id = claim_diagnoses.claim_id
    left join per_diem_coverage as hydrations
        on claim_lines.claim_id = hydrations.claim_id
        and claim_lines.claim_line_number = hydrations.claim_line_number
        and hydrations.kind = 'hydration'
    left join per_diem_coverage as infusions
        on claim_lines.claim_id = infusions.claim_id
        and claim_lines.claim_line_number = infusions.claim_line_number
        and infusions.kind = 'infusion'
    where claim_lines.is_allowed
),

answers as (
    select
        *,
        case
            when situation in ('away from home', 'hydration', 'no infusion') then 'pass'
            when situation = 'incidental' and in_policy_range then 'overpayment'
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
        when situation = 'hydration' then 'a hydration per diem of the provider on these days'
        when situation = 'no infusion' then 'no infusion per diem of the provider on these days'
        when situation = 'hydration diagnosis' then 'beside a drug infusion, but a diagnosis may call for hydration'
        when situation = 'no diagnosis' then 'beside a drug infusion, and no diagnosis tells whether for hydration'
        when outcome = 'overpayment' then 'a fluid that carries the drug of an infusion per diem'
        else 'a fluid outside the printed range beside an infusion per diem'
    end as reason,
    case when situation <> 'away from home' then per_diem_claim_id end as related_claim_id,
    case when situation <> 'away from home' then per_diem_line_number end as related_claim_line_number
from answers
