-- One row per per diem line and day strictly between the admission to and the discharge from a stay, with the claim of
-- the stay that holds the day; where members were transferred, of several the one that began first. On leave: the day
-- is one of leave from a stay, or beside one, since the days of going and of coming back may hold both. Perhaps on
-- leave: the stay bills leave that its lines do not date.
with stay_days as (
    select
        per_diem_days.claim_id, per_diem_days.claim_line_number, per_diem_days.member_id, per_diem_days.service_date,
        inpatient_stays.admission_date
    from per_diem_days
    inner join inpatient_stays
        on per_diem_days.member_id = inpatient_stays.member_id
        and per_diem_days.service_date > inpatient_stays.admission_date
        and per_diem_days.service_date < inpatient_stays.discharge_date
),

holding_claims as (
    select
        stay_days.claim_id, stay_days.claim_line_number, stay_days.service_date,
        stay_claims.claim_id as stay_claim_id, stay_claims.claim_line_number as stay_line_number,
        row_number() over (
            partition by stay_days.claim_id, stay_days.claim_line_number, stay_days.service_date
            order by stay_claims.admission_date, stay_claims.discharge_date desc, stay_claims.claim_id
        ) as place
    from stay_days
    inner join stay_claims
        on stay_days.member_id = stay_claims.member_id
        and stay_days.service_date between stay_claims.admission_date and stay_claims.discharge_date
    where stay_claims.is_allowed
),

leave_days as (
    select distinct stay_days.member_id, stay_days.service_date
    from stay_days
    inner join leave_lines
        on stay_days.member_id = leave_lines.member_id
        and date_diff('day', leave_lines.claim_line_start_date, stay_days.service_date) >= -1
        and date_diff('day', leave_lines.claim_line_end_date, stay_days.service_date) <= 1
    where leave_lines.is_dated
),

stays_with_undated_leave as (
    select distinct inpatient_stays.member_id, inpatient_stays.admission_date
    from inpatient_stays
    inner join leave_lines
        on inpatient_stays.member_id = leave_lines.member_id
        and inpatient_stays.admission_date <= leave_lines.stay_last_date
        and inpatient_stays.discharge_date >= leave_lines.stay_first_date
    where not leave_lines.is_dated
)

select
    stay_days.*, holding_claims.stay_claim_id, holding_claims.stay_line_number,
    leave_days.member_id is not null as is_on_leave,
    leave_days.member_id is null and stays_with_undated_leave.member_id is not null as is_perhaps_on_leave
from stay_days
inner join holding_claims
    on stay_days.claim_id = holding_claims.claim_id
    and stay_days.claim_line_number = holding_claims.claim_line_number
    and stay_days.service_date = holding_claims.service_date
    and holding_claims.place = 1
left join leave_days
    on stay_days.member_id = leave_days.member_id and stay_days.service_date = leave_days.service_date
left join stays_with_undated_leave
    on stay_days.member_id = stays_with_undated_leave.member_id
    and stay_days.admission_date = stays_with_undated_leave.admission_date
