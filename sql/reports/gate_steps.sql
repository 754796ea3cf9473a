-- One row per line that a rule decided to be overpaid, and gate: what is left of the line after the gate, and what the
-- gate took. Gate 0 is the overlap between rules. A line counts with the largest amount of the rules that still hold
-- it, so a gate takes only what goes beyond that; all steps of a line add up to what its rules decided.
with gates as (
    select unnest(range(10)) as gate_order
),

line_nets as (
    select
        decided_overpayments.claim_id,
        decided_overpayments.claim_line_number,
        gates.gate_order,
        sum(decided_overpayments.decided_amount) as gross_amount,
        coalesce(
            max(case
                when decided_overpayments.gate_order > gates.gate_order then decided_overpayments.decided_amount
            end),
            0.00
        ) as net_amount
    from decided_overpayments
    cross join gates
    group by decided_overpayments.claim_id, decided_overpayments.claim_line_number, gates.gate_order
)

select
    claim_id,
    claim_line_number,
    gate_order,
    gross_amount,
    net_amount,
    net_amount - coalesce(
        lag(net_amount) over (partition by claim_id, claim_line_number order by gate_order), gross_amount
    ) as taken_amount
from line_nets
