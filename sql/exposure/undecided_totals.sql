-- What could not be decided: decisions (a rule's answer on a line), and the lines and dollars behind them, each once.
with undecided_claim_lines as (
    select claim_id, claim_line_number, max(paid_amount) as paid_amount
    from line_outcomes
    where outcome = 'not_evaluable'
    group by claim_id, claim_line_number
),

undecided_line_totals as (
    select
        count(*) as undecided_line_count,
        cast(coalesce(sum(paid_amount), 0) as decimal(18, 2)) as undecided_paid_amount
    from undecided_claim_lines
),

decisions as (
    select
        cast(coalesce(sum(line_count), 0) as bigint) as decision_count,
        cast(coalesce(sum(line_count) filter (where outcome = 'not_evaluable'), 0) as bigint) as not_evaluable_count
    from rule_outcomes
)

select
    decisions.decision_count, decisions.not_evaluable_count,
    undecided_line_totals.undecided_line_count, undecided_line_totals.undecided_paid_amount
from decisions
cross join undecided_line_totals
