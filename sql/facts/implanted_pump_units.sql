-- The rows of implanted_pump_days with the units that are kept on each, in thousandths. A run is allowed one unit per
-- event day, at least one. Kept first: one unit on each event day. What is then left of the allowed units keeps the
-- earliest of the run's other units.
with runs as (
    select
        member_id, provider_id, run_number,
        count(distinct case when is_event then service_date end) as event_days,
        count(distinct case when is_event and not is_weak then service_date end) as strong_event_days
    from implanted_pump_days
    group by member_id, provider_id, run_number
),

queued_units as (
    select
        *,
        coalesce(sum(units) over (
            partition by member_id, provider_id, service_date order by claim_line_start_date, line_order
            rows between unbounded preceding and 1 preceding
        ), 0) as units_before
    from implanted_pump_days
),

event_units as (
    select *, case when is_event then least(units, greatest(1000 - units_before, 0)) else 0 end as kept_for_event
    from queued_units
),

other_units as (
    select
        *,
        sum(kept_for_event) over (partition by member_id, provider_id, run_number) as run_kept_for_events,
        coalesce(sum(units - kept_for_event) over (
            partition by member_id, provider_id, run_number order by service_date, claim_line_start_date, line_order
            rows between unbounded preceding and 1 preceding
        ), 0) as other_units_before
    from event_units
)

select
    other_units.claim_id, other_units.claim_line_number, other_units.member_id, other_units.provider_id,
    other_units.run_number, other_units.service_date, other_units.is_event, other_units.is_weak,
    runs.event_days, runs.strong_event_days, other_units.line_units, other_units.units,
    other_units.kept_for_event + least(
        other_units.units - other_units.kept_for_event,
        greatest(
            greatest(runs.event_days, 1) * 1000 - other_units.run_kept_for_events - other_units.other_units_before, 0
        )
    ) as kept_units
from other_units
inner join runs
    on other_units.member_id = runs.member_id
    and other_units.provider_id = runs.provider_id
    and other_units.run_number = runs.run_number
