-- One row: what became of all decisions, a decision being one rule's answer on one line that it considered.
-- A line that several rules could not decide counts once among the undecided lines and dollars.
with undecided_claim_lines as (
    select
        claim_id,
        claim_line_number,
        max(paid_amount) as paid_amount
    from selected_line_outcomes
    where outcome = 'not_evaluable'
    group by claim_id, claim_line_number
),

undecided_totals as (
    select
        count(*) as undecided_line_count,
        coalesce(sum(paid_amount), 0) as undecided_paid_amount
    from undecided_claim_lines
),

answers as (
    select
        coalesce(sum(line_count), 0) as decision_count,
        coalesce(sum(line_count) filter (where outcome in ('overpayment', 'review')), 0) as finding_count,
        coalesce(sum(line_count) filter (where outcome in ('pass', 'excepted')), 0) as in_order_count,
        coalesce(sum(line_count) filter (where outcome = 'not_evaluable'), 0) as not_evaluable_count,
        coalesce(sum(line_count) filter (where outcome = 'not_in_force'), 0) as not_in_force_count
    from selected_outcomes
)

select
    cast(answers.decision_count as bigint) as decision_count,
    cast(answers.finding_count as bigint) as finding_count,
    cast(answers.in_order_count as bigint) as in_order_count,
    cast(answers.not_evaluable_count as bigint) as not_evaluable_count,
    cast(answers.not_in_force_count as bigint) as not_in_force_count,
    undecided_totals.undecided_line_count,
    cast(undecided_totals.undecided_paid_amount as decimal(18, 2)) as undecided_paid_amount
from answers
cross join undecided_totals
