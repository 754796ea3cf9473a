-- One row per line that a rule decided to be overpaid, and step of the walk: what is left of the line after the step,
-- and what it took. The first step is the overlap between rules. A line counts with the largest amount of the rules
-- that still hold it, so a step takes only what goes beyond that; all steps of a line add up to what its rules decided.
with line_nets as (
    select
        decided_overpayments.claim_id,
        decided_overpayments.claim_line_number,
        walk_steps.step_order,
        walk_steps.step,
        sum(decided_overpayments.decided_amount) as gross_amount,
        coalesce(
            max(case
                when decided_overpayments.step_order > walk_steps.step_order then decided_overpayments.decided_amount
            end),
            0.00
        ) as net_amount
    from decided_overpayments
    cross join walk_steps
    group by
        decided_overpayments.claim_id, decided_overpayments.claim_line_number, walk_steps.step_order, walk_steps.step
)

select
    claim_id,
    claim_line_number,
    step_order,
    step,
    gross_amount,
    net_amount,
    net_amount - coalesce(
        lag(net_amount) over (partition by claim_id, claim_line_number order by step_order), gross_amount
    ) as taken_amount
from line_nets
