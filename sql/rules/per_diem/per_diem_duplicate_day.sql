with line_days as (
    select
        claim_id, claim_line_number, member_id, outcome, count(*) as duplicate_days,
        min(earlier_line_order) as earlier_line_order
    from per_diem_duplicate_days
    group by claim_id, claim_line_number, member_id, outcome
),

considered_lines as (
    select
        claim_lines.claim_id, claim_lines.claim_line_number, claim_lines.paid_cents, claim_lines.day_count,
        coalesce(line_days.outcome, 'pass') as outcome, coalesce(line_days.duplicate_days, 0) as duplicate_days,
        earlier_lines.claim_id as earlier_claim_id, earlier_lines.claim_line_number as earlier_line_number
    from per_diem_lines
    inner join claim_lines
        on per_diem_lines.claim_id = claim_lines.claim_id
        and per_diem_lines.claim_line_number = claim_lines.claim_line_number
    left join line_days
        on per_diem_lines.claim_id = line_days.claim_id
        and per_diem_lines.claim_line_number = line_days.claim_line_number
    left join per_diem_lines as earlier_lines
        on line_days.member_id = earlier_lines.member_id
        and line_days.earlier_line_order = earlier_lines.line_order
    where per_diem_lines.family <> 'pain_implanted_pump'
)

select
    claim_id, claim_line_number, outcome,
    cast(
        cast((paid_cents * duplicate_days * 2 + day_count) // (2 * day_count) as decimal(20, 0)) * 0.01
        as decimal(18, 2)
    ) as amount,
    case
        when outcome = 'overpayment' then 'days that an earlier line of the provider already bills with the same code'
        when outcome = 'review' then 'days that an earlier line of another provider already bills with the same code'
        else 'no earlier line with the same code and therapy modifier on these days'
    end as reason,
    earlier_claim_id as related_claim_id, earlier_line_number as related_claim_line_number
from considered_lines
