with charge_lines as (
    select claim_lines.*
    from claim_lines
    inner join refill_day_charge_codes
        on claim_lines.hcpcs_code = refill_day_charge_codes.code
        and claim_lines.claim_line_start_date
        between refill_day_charge_codes.valid_from and refill_day_charge_codes.valid_to
    where claim_lines.is_allowed
),

-- On the claim of an S9328 line, or on a day of one of the same provider. A line of its own claim is named first.
lines_beside_pump as (
    select
        charge_lines.claim_id, charge_lines.claim_line_number, charge_lines.member_id,
        charge_lines.claim_line_start_date, charge_lines.claim_line_end_date, charge_lines.paid_cents,
        charge_lines.day_count, per_diem_lines.provider_id as pump_provider_id,
        per_diem_lines.claim_id as pump_claim_id, per_diem_lines.claim_line_number as pump_line_number,
        row_number() over (
            partition by charge_lines.claim_id, charge_lines.claim_line_number
            order by
                case when charge_lines.claim_id = per_diem_lines.claim_id then 0 else 1 end, per_diem_lines.line_order
        ) as place
    from charge_lines
    inner join per_diem_lines on charge_lines.member_id = per_diem_lines.member_id
    where
        per_diem_lines.family = 'pain_implanted_pump'
        and (
            charge_lines.claim_id = per_diem_lines.claim_id
            or (
                charge_lines.provider_id = per_diem_lines.provider_id
                and charge_lines.claim_line_start_date <= per_diem_lines.claim_line_end_date
                and charge_lines.claim_line_end_date >= per_diem_lines.claim_line_start_date
            )
        )
),

-- Days on which the charges of a provider are in order.
refill_days as (
    select member_id, provider_id, event_date as refill_date from pump_event_days
    union
    select member_id, provider_id, service_date as refill_date from implanted_pump_units
    where kept_units > 0
),

other_days as (
    select
        lines_beside_pump.claim_id, lines_beside_pump.claim_line_number,
        count(*) filter (where refill_days.refill_date is null) as days_off
    from lines_beside_pump
    inner join calendar
        on calendar.calendar_date
        between lines_beside_pump.claim_line_start_date and lines_beside_pump.claim_line_end_date
    left join refill_days
        on lines_beside_pump.member_id = refill_days.member_id
        and lines_beside_pump.pump_provider_id = refill_days.provider_id
        and calendar.calendar_date = refill_days.refill_date
    where lines_beside_pump.place = 1
    group by lines_beside_pump.claim_id, lines_beside_pump.claim_line_number
)

select
    lines_beside_pump.claim_id, lines_beside_pump.claim_line_number,
    case when other_days.days_off > 0 then 'review' else 'pass' end as outcome,
    cast(
        cast(
            (lines_beside_pump.paid_cents * other_days.days_off * 2 + lines_beside_pump.day_count)
            // (2 * lines_beside_pump.day_count) as decimal(20, 0)
        ) * 0.01 as decimal(18, 2)
    ) as amount,
    case
        when other_days.days_off > 0
        then 'drug, kit or pump on days without a refill, reprogramming, repair or nurse visit'
        else 'only on days on which the implanted pump was serviced or its per diem is payable'
    end as reason,
    lines_beside_pump.pump_claim_id as related_claim_id, lines_beside_pump.pump_line_number as related_claim_line_number
from lines_beside_pump
inner join other_days
    on lines_beside_pump.claim_id = other_days.claim_id
    and lines_beside_pump.claim_line_number = other_days.claim_line_number
where lines_beside_pump.place = 1
