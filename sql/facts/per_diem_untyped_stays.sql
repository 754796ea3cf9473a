-- One row per per diem line with a day that lies strictly inside a stay only if a claim without a bill type is one too:
-- inside it, or where one ends and the other begins. That claim is named; of several the one that began first.
with untyped_stays as (
    select
        per_diem_days.claim_id, per_diem_days.claim_line_number,
        case when begun.is_typed then lasting.claim_id else begun.claim_id end as stay_claim_id,
        case when begun.is_typed then lasting.claim_line_number else begun.claim_line_number end as stay_line_number,
        case when begun.is_typed then lasting.admission_date else begun.admission_date end as admission_date
    from per_diem_days
    inner join stay_claim_days as begun
        on per_diem_days.member_id = begun.member_id
        and per_diem_days.service_date > begun.admission_date
        and per_diem_days.service_date <= begun.discharge_date
    inner join stay_claim_days as lasting
        on per_diem_days.member_id = lasting.member_id
        and per_diem_days.service_date >= lasting.admission_date
        and per_diem_days.service_date < lasting.discharge_date
    left join per_diem_stay_days
        on per_diem_days.claim_id = per_diem_stay_days.claim_id
        and per_diem_days.claim_line_number = per_diem_stay_days.claim_line_number
        and per_diem_days.service_date = per_diem_stay_days.service_date
    where
        begun.is_allowed and lasting.is_allowed and not (begun.is_typed and lasting.is_typed)
        and per_diem_stay_days.claim_id is null
),

ranked_stays as (
    select
        *,
        row_number() over (
            partition by claim_id, claim_line_number order by admission_date, stay_claim_id
        ) as place
    from untyped_stays
)

select claim_id, claim_line_number, stay_claim_id, stay_line_number from ranked_stays
where place = 1
