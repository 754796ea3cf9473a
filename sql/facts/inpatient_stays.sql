-- Stays in a hospital or a skilled nursing facility, from admission to discharge. A member's stays that share a day are
-- one (a transfer).
with allowed_stays as (
    select * from stay_claims
    where is_allowed and discharge_date >= admission_date
),

begun_stays as (
    select
        *,
        max(discharge_date) over (
            partition by member_id order by admission_date, discharge_date desc, claim_id
            rows between unbounded preceding and 1 preceding
        ) as discharge_before
    from allowed_stays
),

numbered_stays as (
    select
        *,
        sum(case when admission_date <= discharge_before then 0 else 1 end) over (
            partition by member_id order by admission_date, discharge_date desc, claim_id
            rows between unbounded preceding and current row
        ) as stay_number
    from begun_stays
)

select member_id, min(admission_date) as admission_date, max(discharge_date) as discharge_date
from numbered_stays
group by member_id, stay_number
