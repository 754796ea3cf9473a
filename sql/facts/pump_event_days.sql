-- Days on which an implanted pump may have been refilled, reprogrammed or repaired, as seen by each provider that bills
-- S9328 for the member. Weak: each event of the day stands away from home, or is another provider's nurse visit by a
-- code other than that of an infusion visit.
with pump_providers as (
    select distinct member_id, provider_id from per_diem_lines
    where family = 'pain_implanted_pump'
),

service_lines as (
    select distinct
        claim_lines.claim_id, claim_lines.claim_line_number, claim_lines.member_id, claim_lines.provider_id,
        claim_lines.place_setting, claim_lines.claim_line_start_date, claim_lines.claim_line_end_date
    from claim_lines
    inner join pump_refill_codes
        on claim_lines.hcpcs_code = pump_refill_codes.code
        and claim_lines.claim_line_start_date between pump_refill_codes.valid_from and pump_refill_codes.valid_to
    where claim_lines.is_allowed
),

events as (
    select
        service_lines.member_id, service_lines.provider_id, calendar.calendar_date as event_date,
        service_lines.place_setting, false as is_unspecific_visit
    from service_lines
    inner join calendar
        on calendar.calendar_date between service_lines.claim_line_start_date and service_lines.claim_line_end_date
    union all
    select
        member_id, provider_id, visit_date as event_date,
        place_setting, not is_infusion_visit as is_unspecific_visit
    from rn_visits
)

select
    pump_providers.member_id, pump_providers.provider_id, events.event_date,
    bool_and(
        events.place_setting not in ('home', 'missing')
        or (events.is_unspecific_visit and events.provider_id <> pump_providers.provider_id)
    ) as is_weak
from pump_providers
inner join events on pump_providers.member_id = events.member_id
group by pump_providers.member_id, pump_providers.provider_id, events.event_date
