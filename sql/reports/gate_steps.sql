-- One row per line that a rule decided to be overpaid, and step of the walk: what is left of the line after the step,
-- and what it took. The first step is the overlap between rules. A line counts with the largest amount of the rules
-- that still hold it, so a step takes only what goes beyond that; all steps of a line add up to what its rules decided.
-- What was recovered is a sum of the line, not of a rule: from its step on, it comes off whatever is still held.
with line_recoveries as (
    select
        claim_id,
        claim_line_number,
        max(line_recovered_amount) as recovered_amount
    from settled_findings
    group by claim_id, claim_line_number
),

recovered_steps as (
    select step_order
    from walk_steps
    where step = 'recovered'
),

held_amounts as (
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
        ) as held_amount
    from decided_overpayments
    cross join walk_steps
    group by
        decided_overpayments.claim_id, decided_overpayments.claim_line_number, walk_steps.step_order, walk_steps.step
),

line_nets as (
    select
        held_amounts.* exclude (held_amount),
        case
            when recovered_steps.step_order <= held_amounts.step_order
            then greatest(held_amounts.held_amount - coalesce(line_recoveries.recovered_amount, 0.00), 0.00)
            else held_amounts.held_amount
        end as net_amount
    from held_amounts
    left join recovered_steps on true
    left join line_recoveries
        on
        held_amounts.claim_id = line_recoveries.claim_id
        and held_amounts.claim_line_number = line_recoveries.claim_line_number
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
