-- What is due (paid x kept units / units) is rounded half down, so that the rest is half up; the product stays small
-- whatever units were keyed.
with line_units as (
    select
        claim_id, claim_line_number, max(line_units) as units, sum(kept_units) as kept_units,
        max(event_days) as event_days, max(strong_event_days) as strong_event_days,
        bool_or(is_weak and kept_units > 0) as is_kept_on_weak_day
    from implanted_pump_units
    group by claim_id, claim_line_number
),

situations as (
    select
        claim_lines.claim_id, claim_lines.claim_line_number, claim_lines.paid_cents,
        line_units.units, line_units.kept_units,
        case
            when line_units.units <= 0 then 'no units'
            when line_units.kept_units < line_units.units then 'excess'
            when line_units.event_days = 0 then 'no event'
            when line_units.strong_event_days = 0 or line_units.is_kept_on_weak_day then 'weak event'
            else 'kept'
        end as situation
    from claim_lines
    inner join line_units
        on claim_lines.claim_id = line_units.claim_id and claim_lines.claim_line_number = line_units.claim_line_number
)

select
    claim_id, claim_line_number,
    case
        when situation = 'no units' then 'not_evaluable'
        when situation = 'excess' then 'overpayment'
        when situation = 'kept' then 'pass'
        else 'review'
    end as outcome,
    case
        when situation = 'excess' then
            cast(
                cast(paid_cents - (paid_cents * kept_units * 2 + units - 1) // (2 * units) as decimal(20, 0)) * 0.01
                as decimal(18, 2)
            )
        when situation in ('no event', 'weak event') then cast(paid_cents * 0.01 as decimal(18, 2))
        else 0
    end as amount,
    case
        when situation = 'no units' then 'service_unit_quantity: missing, or not above zero'
        when situation = 'excess'
        then 'more units than days on which a service of the pump or a nurse visit was allowed'
        when situation = 'no event'
        then 'refill not evidenced: no refill, reprogramming, repair or nurse visit was allowed on these days'
        when situation = 'weak event'
        then 'refill not evidenced: what was done on these days does not show a refill at home'
        else 'one unit on each day on which the pump was serviced'
    end as reason,
    cast(null as varchar) as related_claim_id, cast(null as bigint) as related_claim_line_number
from situations
