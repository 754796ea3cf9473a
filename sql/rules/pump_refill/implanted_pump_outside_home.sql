with pump_lines as (
    select claim_lines.claim_id, claim_lines.claim_line_number, claim_lines.paid_cents, claim_lines.place_setting
    from per_diem_lines
    inner join claim_lines
        on per_diem_lines.claim_id = claim_lines.claim_id
        and per_diem_lines.claim_line_number = claim_lines.claim_line_number
    where per_diem_lines.family = 'pain_implanted_pump'
),

answers as (
    select
        *,
        case place_setting when 'home' then 'pass' when 'missing' then 'not_evaluable' else 'overpayment' end as outcome
    from pump_lines
)

select
    claim_id, claim_line_number, outcome,
    case when outcome = 'overpayment' then cast(paid_cents * 0.01 as decimal(18, 2)) else 0 end as amount,
    case
        when outcome = 'pass' then 'billed for the home'
        when outcome = 'not_evaluable' then 'place_of_service_code: missing'
        when place_setting = 'suite' then 'billed for an infusion suite: the per diem is due only for a service at home'
        else 'billed for a place other than the home: the per diem is due only for a service at home'
    end as reason,
    cast(null as varchar) as related_claim_id, cast(null as bigint) as related_claim_line_number
from answers
