-- What the rules answered on the lines that the filters keep, counted: the run's own counts where nothing is filtered.
-- Outcome and least amount choose findings and are left out here: every line considered is counted.
select
    rule,
    outcome,
    reason,
    count(*) as line_count,
    cast(sum(paid_amount) as decimal(18, 2)) as paid_amount,
    cast(sum(amount) as decimal(18, 2)) as amount
from selected_line_outcomes
group by rule, outcome, reason
