with days_in_stays as (
    select
        per_diem_days.claim_id, per_diem_days.claim_line_number,
        inpatient_stays.claim_id as stay_claim_id, inpatient_stays.claim_line_number as stay_line_number,
        inpatient_stays.admission_date, count(*) as stay_days
    from per_diem_days
    inner join inpatient_stays
        on per_diem_days.member_id = inpatient_stays.member_id
        and per_diem_days.service_date > inpatient_stays.admission_date
        and per_diem_days.service_date < inpatient_stays.discharge_date
    group by
        per_diem_days.claim_id, per_diem_days.claim_line_number,
        inpatient_stays.claim_id, inpatient_stays.claim_line_number, inpatient_stays.admission_date
),

-- Stays do not overlap, so their days add up; the stay to name is the one with the most of them.
ranked_stays as (
    select
        *,
        sum(stay_days) over (partition by claim_id, claim_line_number) as covered_days,
        row_number() over (
            partition by claim_id, claim_line_number order by stay_days desc, admission_date
        ) as place
    from days_in_stays
),

situations as (
    select
        claim_lines.claim_id, claim_lines.claim_line_number, claim_lines.paid_cents, claim_lines.day_count,
        cast(coalesce(ranked_stays.covered_days, 0) as bigint) as covered_days,
        ranked_stays.stay_claim_id, ranked_stays.stay_line_number
    from per_diem_lines
    inner join claim_lines
        on per_diem_lines.claim_id = claim_lines.claim_id
        and per_diem_lines.claim_line_number = claim_lines.claim_line_number
    left join ranked_stays
        on per_diem_lines.claim_id = ranked_stays.claim_id
        and per_diem_lines.claim_line_number = ranked_stays.claim_line_number
        and ranked_stays.place = 1
)

select
    claim_id, claim_line_number,
    case when covered_days > 0 then 'overpayment' else 'pass' end as outcome,
    cast(
        cast((paid_cents * covered_days * 2 + day_count) // (2 * day_count) as decimal(20, 0)) * 0.01 as decimal(18, 2)
    ) as amount,
    case
        when covered_days > 0 then 'days between admission to and discharge from a hospital or skilled nursing facility'
        else 'no day strictly between admission and discharge of an inpatient stay'
    end as reason,
    stay_claim_id as related_claim_id, stay_line_number as related_claim_line_number
from situations
