-- Days on which an implanted pump may have been refilled, reprogrammed or repaired, as seen by each provider that bills
-- S9328 for the member. Weak: nothing on that day shows an event at home.
with pump_members as (
    select distinct per_diem_lines.member_id, per_diem_lines.provider_id
    from per_diem_lines
    where per_diem_lines.family = 'pain_implanted_pump'
),

service_lines as (
    select distinct claim_lines.claim_id, claim_lines.claim_line_number
    from claim_lines
    inner join pump_refill_codes
        on claim_lines.hcpcs_code = pump_refill_codes.code
        and claim_lines.claim_line_start_date between pump_refill_codes.valid_from and pump_refill_codes.valid_to
    where claim_lines.is_allowed
),

events as (
    select
        claim_lines.member_id, calendar.calendar_date as event_date, claim_lines.provider_id,
        claim_lines.place_setting, false as is_visit, claim_lines.hcpcs_code
    from service_lines
    inner join claim_lines
        on service_lines.claim_id = claim_lines.claim_id
        and service_lines.claim_line_number = claim_lines.claim_line_number
    inner join calendar
        on calendar.calendar_date between claim_lines.claim_line_start_date and claim_lines.claim_line_end_date
    union all
    select member_id, visit_date as event_date, provider_id, place_setting, true as is_visit, hcpcs_code
    from rn_visits
)

select
    pump_members.member_id, pump_members.provider_id, events.event_date,
    bool_and(
        events.place_setting not in ('home', 'missing')
        or (
            events.is_visit and events.provider_id <> pump_members.provider_id
            and coalesce(infusion_visits.code, '') = ''
        )
    ) as is_weak
from pump_members
inner join events on pump_members.member_id = events.member_id
left join nursing_codes as infusion_visits
    on events.hcpcs_code = infusion_visits.code and infusion_visits.visit_kind = 'infusion_visit'
group by pump_members.member_id, pump_members.provider_id, events.event_date
