with refill_codes as (
    select distinct code, valid_from, valid_to from pump_refill_codes
    where event in ('refill', 'cassette_refill')
),

clinic_lines as (
    select
        claim_lines.claim_id, claim_lines.claim_line_number, claim_lines.member_id, claim_lines.provider_id,
        claim_lines.claim_line_start_date as refill_date, claim_lines.paid_amount, claim_lines.paid_cents,
        claim_lines.line_order, coalesce(claim_lines.claim_type, 'professional') as claim_type,
        case when suppliers.provider_id is null then 0 else 1 end as supplier_rank
    from claim_lines
    inner join refill_codes
        on claim_lines.hcpcs_code = refill_codes.code
        and claim_lines.claim_line_start_date between refill_codes.valid_from and refill_codes.valid_to
    inner join place_of_service_codes
        on claim_lines.place_code = place_of_service_codes.code
        and claim_lines.claim_line_start_date
        between place_of_service_codes.valid_from and place_of_service_codes.valid_to
    left join suppliers on claim_lines.provider_id = suppliers.provider_id
    where claim_lines.is_allowed and place_of_service_codes.is_refill_clinic
),

ranked_lines as (
    select
        *,
        row_number() over (
            partition by member_id, refill_date, claim_type order by supplier_rank, paid_amount desc, line_order
        ) as place
    from clinic_lines
),

-- A second claim for the same refill; the lines of the claim that is kept have no kept claim beside them.
clinic_answers as (
    select
        ranked_lines.claim_id, ranked_lines.claim_line_number, ranked_lines.paid_cents,
        kept_lines.claim_id as kept_claim_id, kept_lines.claim_line_number as kept_line_number
    from ranked_lines
    left join ranked_lines as kept_lines
        on ranked_lines.member_id = kept_lines.member_id
        and ranked_lines.refill_date = kept_lines.refill_date
        and ranked_lines.claim_type = kept_lines.claim_type
        and ranked_lines.claim_id <> kept_lines.claim_id
        and kept_lines.place = 1
),

pump_per_diem_days as (
    select
        per_diem_days.claim_id, per_diem_days.claim_line_number, per_diem_days.service_date,
        clinic_lines.claim_id as clinic_claim_id, clinic_lines.claim_line_number as clinic_line_number,
        row_number() over (
            partition by per_diem_days.claim_id, per_diem_days.claim_line_number order by clinic_lines.line_order
        ) as place
    from per_diem_days
    inner join clinic_lines
        on per_diem_days.member_id = clinic_lines.member_id and per_diem_days.service_date = clinic_lines.refill_date
    where per_diem_days.is_refilled_pump and per_diem_days.provider_id <> clinic_lines.provider_id
),

pump_per_diem_answers as (
    select
        claim_id, claim_line_number, count(distinct service_date) as refill_days,
        max(case when place = 1 then clinic_claim_id end) as clinic_claim_id,
        max(case when place = 1 then clinic_line_number end) as clinic_line_number
    from pump_per_diem_days
    group by claim_id, claim_line_number
)

select
    claim_id, claim_line_number,
    case when kept_claim_id is null then 'pass' else 'overpayment' end as outcome,
    case when kept_claim_id is null then 0 else cast(paid_cents * 0.01 as decimal(18, 2)) end as amount,
    case
        when kept_claim_id is null then 'on the one claim for a refill in a clinic that day'
        else 'another claim bills a refill in a clinic that day'
    end as reason,
    kept_claim_id as related_claim_id, kept_line_number as related_claim_line_number
from clinic_answers
union all
select
    claim_lines.claim_id, claim_lines.claim_line_number, 'review' as outcome,
    cast(
        cast(
            (claim_lines.paid_cents * pump_per_diem_answers.refill_days * 2 + claim_lines.day_count)
            // (2 * claim_lines.day_count) as decimal(20, 0)
        ) * 0.01 as decimal(18, 2)
    ) as amount,
    'per diem of a pump on a day on which the clinic of another provider refilled it' as reason,
    pump_per_diem_answers.clinic_claim_id, pump_per_diem_answers.clinic_line_number
from pump_per_diem_answers
inner join claim_lines
    on pump_per_diem_answers.claim_id = claim_lines.claim_id
    and pump_per_diem_answers.claim_line_number = claim_lines.claim_line_number
