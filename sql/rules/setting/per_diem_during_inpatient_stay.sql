with ordered_days as (
    select
        *,
        not is_on_leave and not is_perhaps_on_leave as is_counted,
        row_number() over (
            partition by claim_id, claim_line_number, admission_date
            order by case when is_on_leave or is_perhaps_on_leave then 1 else 0 end, service_date
        ) as place
    from per_diem_stay_days
),

-- Of a stay the claim is named that holds its first day that counts.
days_in_stays as (
    select
        claim_id, claim_line_number, admission_date,
        max(case when place = 1 then stay_claim_id end) as stay_claim_id,
        max(case when place = 1 then stay_line_number end) as stay_line_number,
        count(*) filter (where is_counted) as stay_days,
        count(*) filter (where is_on_leave) as leave_days,
        count(*) filter (where is_perhaps_on_leave) as open_days
    from ordered_days
    group by claim_id, claim_line_number, admission_date
),

-- Stays do not overlap, so their days add up; the stay to name is the one with the most of them.
ranked_stays as (
    select
        *,
        sum(stay_days) over (partition by claim_id, claim_line_number) as covered_days,
        sum(leave_days) over (partition by claim_id, claim_line_number) as days_on_leave,
        sum(open_days) over (partition by claim_id, claim_line_number) as days_perhaps_on_leave,
        row_number() over (
            partition by claim_id, claim_line_number order by stay_days desc, admission_date
        ) as place
    from days_in_stays
),

situations as (
    select
        claim_lines.claim_id, claim_lines.claim_line_number, claim_lines.paid_cents, claim_lines.day_count,
        cast(coalesce(ranked_stays.covered_days, 0) as bigint) as covered_days,
        case
            when not claim_lines.has_bill_types then 'stays not told'
            when ranked_stays.covered_days > 0 then 'in a stay'
            when ranked_stays.days_perhaps_on_leave > 0 then 'perhaps on leave'
            when per_diem_untyped_stays.claim_id is not null then 'perhaps in a stay'
            when ranked_stays.days_on_leave > 0 then 'on leave'
            else 'no stay'
        end as situation,
        ranked_stays.stay_claim_id, ranked_stays.stay_line_number,
        per_diem_untyped_stays.stay_claim_id as untyped_claim_id,
        per_diem_untyped_stays.stay_line_number as untyped_line_number
    from per_diem_lines
    inner join claim_lines
        on per_diem_lines.claim_id = claim_lines.claim_id
        and per_diem_lines.claim_line_number = claim_lines.claim_line_number
    left join ranked_stays
        on per_diem_lines.claim_id = ranked_stays.claim_id
        and per_diem_lines.claim_line_number = ranked_stays.claim_line_number
        and ranked_stays.place = 1
    left join per_diem_untyped_stays
        on per_diem_lines.claim_id = per_diem_untyped_stays.claim_id
        and per_diem_lines.claim_line_number = per_diem_untyped_stays.claim_line_number
)

select
    claim_id, claim_line_number,
    case
        when situation = 'in a stay' then 'overpayment'
        when situation in ('stays not told', 'perhaps on leave', 'perhaps in a stay') then 'not_evaluable'
        else 'pass'
    end as outcome,
    cast(
        cast((paid_cents * covered_days * 2 + day_count) // (2 * day_count) as decimal(20, 0)) * 0.01 as decimal(18, 2)
    ) as amount,
    case
        when situation = 'in a stay'
        then 'days between admission to and discharge from a hospital or skilled nursing facility'
        when situation = 'stays not told'
        then 'bill_type_code: missing on every line of the claims, so that no inpatient stay can be told'
        when situation = 'perhaps on leave'
        then 'claim_line_end_date: the stay bills leave of absence, and its lines do not tell on which days'
        when situation = 'perhaps in a stay'
        then 'bill_type_code: missing on a claim that may be an inpatient stay over these days'
        when situation = 'on leave'
        then 'its days strictly between admission and discharge lie on or beside days of leave from the stay'
        else 'no day strictly between admission and discharge of an inpatient stay'
    end as reason,
    case when situation = 'perhaps in a stay' then untyped_claim_id else stay_claim_id end as related_claim_id,
    case when situation = 'perhaps in a stay' then untyped_line_number else stay_line_number end
        as related_claim_line_number
from situations
