-- One row per S9328 line and day, with the run of days that it belongs to and the units that lie on it, in thousandths.
-- A run is a provider's S9328 days of a member that are equal or consecutive. A line's units lie one on each of its
-- days from the first on, the rest on its last day.
with pump_lines as (
    select
        per_diem_lines.*,
        cast(cast(greatest(coalesce(claim_lines.service_unit_quantity, 0), 0) as decimal(22, 3)) * 1000 as bigint)
            as line_units
    from per_diem_lines
    inner join claim_lines
        on per_diem_lines.claim_id = claim_lines.claim_id
        and per_diem_lines.claim_line_number = claim_lines.claim_line_number
    where per_diem_lines.family = 'pain_implanted_pump'
),

line_days as (
    select
        pump_lines.*, calendar.calendar_date as service_date,
        date_diff('day', pump_lines.claim_line_start_date, calendar.calendar_date) as days_before
    from pump_lines
    inner join calendar
        on calendar.calendar_date between pump_lines.claim_line_start_date and pump_lines.claim_line_end_date
),

days as (
    select
        member_id, provider_id, service_date,
        lag(service_date) over (partition by member_id, provider_id order by service_date) as previous_date
    from (select distinct member_id, provider_id, service_date from line_days) as distinct_days
),

run_days as (
    select
        member_id, provider_id, service_date,
        sum(case when date_diff('day', previous_date, service_date) = 1 then 0 else 1 end) over (
            partition by member_id, provider_id order by service_date
            rows between unbounded preceding and current row
        ) as run_number
    from days
)

select
    line_days.claim_id, line_days.claim_line_number, line_days.member_id, line_days.provider_id,
    line_days.claim_line_start_date, line_days.line_order, line_days.service_date, run_days.run_number,
    pump_event_days.event_date is not null as is_event, coalesce(pump_event_days.is_weak, false) as is_weak,
    line_days.line_units,
    least(
        greatest(line_days.line_units - line_days.days_before * 1000, 0),
        case when line_days.service_date = line_days.claim_line_end_date then line_days.line_units else 1000 end
    ) as units
from line_days
inner join run_days
    on line_days.member_id = run_days.member_id
    and line_days.provider_id = run_days.provider_id
    and line_days.service_date = run_days.service_date
left join pump_event_days
    on line_days.member_id = pump_event_days.member_id
    and line_days.provider_id = pump_event_days.provider_id
    and line_days.service_date = pump_event_days.event_date
