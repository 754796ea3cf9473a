-- Units of S9328 laid out by day (thousandths), and how many of them each run of days can keep: one per event day,
-- at least one per run. A run is a provider's S9328 days of a member that are equal or consecutive.
with pump_days as (
    select per_diem_days.*, per_diem_lines.claim_line_start_date, per_diem_lines.day_count
    from per_diem_days
    inner join per_diem_lines
        on per_diem_days.claim_id = per_diem_lines.claim_id
        and per_diem_days.claim_line_number = per_diem_lines.claim_line_number
    where per_diem_days.family = 'pain_implanted_pump'
),

distinct_days as (
    select
        member_id, provider_id, service_date,
        lag(service_date) over (partition by member_id, provider_id order by service_date) as day_before
    from (select distinct member_id, provider_id, service_date from pump_days) as days
),

run_days as (
    select
        distinct_days.member_id, distinct_days.provider_id, distinct_days.service_date,
        pump_event_days.event_date is not null as is_event, coalesce(pump_event_days.is_weak, false) as is_weak,
        sum(case when date_diff('day', distinct_days.day_before, distinct_days.service_date) = 1 then 0 else 1 end) over (
            partition by distinct_days.member_id, distinct_days.provider_id order by distinct_days.service_date
            rows between unbounded preceding and current row
        ) as run_number
    from distinct_days
    left join pump_event_days
        on distinct_days.member_id = pump_event_days.member_id
        and distinct_days.provider_id = pump_event_days.provider_id
        and distinct_days.service_date = pump_event_days.event_date
),

runs as (
    select
        member_id, provider_id, run_number, count(*) filter (where is_event) as event_days,
        count(*) filter (where is_event and not is_weak) as strong_event_days
    from run_days
    group by member_id, provider_id, run_number
),

laid_units as (
    select
        pump_days.*, run_days.run_number, run_days.is_event, run_days.is_weak,
        cast(coalesce(claim_lines.service_unit_quantity, 0) * 1000 as bigint) as line_units,
        date_diff('day', pump_days.claim_line_start_date, pump_days.service_date) as days_before
    from pump_days
    inner join claim_lines
        on pump_days.claim_id = claim_lines.claim_id and pump_days.claim_line_number = claim_lines.claim_line_number
    inner join run_days
        on pump_days.member_id = run_days.member_id and pump_days.provider_id = run_days.provider_id
        and pump_days.service_date = run_days.service_date
),

day_units as (
    select
        *,
        case
            when days_before = day_count - 1 then greatest(line_units - days_before * 1000, 0)
            else least(greatest(line_units - days_before * 1000, 0), 1000)
        end as units
    from laid_units
),

event_kept as (
    select
        *, case when is_event then greatest(least(units, 1000 - (sum(units) over (
            partition by member_id, provider_id, service_date order by claim_line_start_date, line_order
            rows between unbounded preceding and current row
        ) - units)), 0) else 0 end as kept_for_event
    from day_units
),

pooled as (
    select
        event_kept.*, runs.event_days, runs.strong_event_days, event_kept.units - event_kept.kept_for_event as units_open,
        greatest(runs.event_days, 1) * 1000 - sum(event_kept.kept_for_event) over (
            partition by event_kept.member_id, event_kept.provider_id, event_kept.run_number
        ) as pool
    from event_kept
    inner join runs
        on event_kept.member_id = runs.member_id and event_kept.provider_id = runs.provider_id
        and event_kept.run_number = runs.run_number
)

select
    claim_id, claim_line_number, member_id, provider_id, run_number, service_date, is_event, is_weak,
    event_days, strong_event_days, line_units, units,
    kept_for_event + greatest(least(units_open, pool - (sum(units_open) over (
        partition by member_id, provider_id, run_number order by service_date, claim_line_start_date, line_order
        rows between unbounded preceding and current row
    ) - units_open)), 0) as kept_units
from pooled
