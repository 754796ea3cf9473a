-- Units are counted in thousandths. What is due (paid x days / units) is rounded half down, so that the rest is
-- half up.
with considered_lines as (
    select
        claim_lines.claim_id, claim_lines.claim_line_number, claim_lines.member_id, claim_lines.provider_id,
        claim_lines.hcpcs_code, claim_lines.claim_line_start_date, claim_lines.day_count, claim_lines.paid_cents,
        cast(cast(coalesce(claim_lines.service_unit_quantity, 0) as decimal(22, 3)) * 1000 as bigint) as units
    from per_diem_lines
    inner join claim_lines
        on per_diem_lines.claim_id = claim_lines.claim_id
        and per_diem_lines.claim_line_number = claim_lines.claim_line_number
    where per_diem_lines.family <> 'pain_implanted_pump'
),

possible_spans as (
    select *, units // 1000 - 1 as following_days from considered_lines
    where day_count = 1 and units % 1000 = 0 and units between 2000 and 31000
),

filled_spans as (
    select
        possible_spans.claim_id, possible_spans.claim_line_number,
        min_by(others.claim_id, others.line_order) as other_claim_id,
        min_by(others.claim_line_number, others.line_order) as other_line_number
    from possible_spans
    inner join per_diem_lines as others
        on possible_spans.member_id = others.member_id
        and possible_spans.provider_id = others.provider_id
        and possible_spans.hcpcs_code = others.hcpcs_code
    where
        date_diff('day', possible_spans.claim_line_start_date, others.claim_line_end_date) >= 1
        and date_diff('day', possible_spans.claim_line_start_date, others.claim_line_start_date)
        <= possible_spans.following_days
    group by possible_spans.claim_id, possible_spans.claim_line_number
),

situations as (
    select
        considered_lines.*, filled_spans.other_claim_id, filled_spans.other_line_number,
        case
            when units <= 0 then 'no units'
            when units <= day_count * 1000 then 'within days'
            when day_count > 1 then 'beyond span'
            when units % 1000 <> 0 then 'fraction'
            when units > 31000 then 'beyond month'
            when filled_spans.claim_id is not null then 'filled'
            else 'span on first day'
        end as situation
    from considered_lines
    left join filled_spans
        on considered_lines.claim_id = filled_spans.claim_id
        and considered_lines.claim_line_number = filled_spans.claim_line_number
)

select
    claim_id, claim_line_number,
    case
        when situation = 'no units' then 'not_evaluable'
        when situation = 'within days' then 'pass'
        when situation in ('beyond span', 'filled') then 'overpayment'
        else 'review'
    end as outcome,
    case when situation not in ('no units', 'within days') then cast(
        cast(paid_cents - (paid_cents * day_count * 2000 + units - 1) // (2 * units) as decimal(20, 0)) * 0.01
        as decimal(18, 2)
    ) else 0 end as amount,
    case
        when situation = 'no units' then 'service_unit_quantity: missing, or not above zero'
        when situation = 'within days' then 'no more units than days'
        when situation = 'beyond span' then 'more units than days'
        when situation = 'fraction' then 'a fraction of a unit beyond the one day'
        when situation = 'beyond month' then 'more units on one day than a month has days'
        when situation = 'filled' then 'more units than days, and a day that would follow is billed on another line'
        else 'units that may be a span of days billed on its first day'
    end as reason,
    other_claim_id as related_claim_id, other_line_number as related_claim_line_number
from situations
