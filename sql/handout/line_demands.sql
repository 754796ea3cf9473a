-- One row per overpaid claim line: what of its net is demanded and what is left out; the parts add up to the net.
-- What was recovered on the line comes off first, whichever rule it was recorded under; then what reviewers closed.
-- `contingent_overpaid_amount` is the run's own figure, before reviewers spoke: the run must add up to it.
with line_amounts as (
    select
        claim_id, claim_line_number, provider_id, max(amount) as net_overpaid_amount,
        coalesce(max(case when not is_contingent then amount end), 0) as certain_amount,
        coalesce(max(case when not is_closed then amount end), 0) as open_amount,
        coalesce(max(case when not is_closed and not is_contingent then amount end), 0) as own_amount,
        coalesce(max(case when not is_closed and not is_contingent and not is_dependent then amount end), 0)
            as firm_amount,
        coalesce(
            max(amount) filter (where not (is_closed or is_contingent or is_dependent or is_time_barred)), 0
        ) as timely_amount,
        max(line_recovered_amount) as line_recovered_amount
    from demand_findings
    group by claim_id, claim_line_number, provider_id
),

remaining_amounts as (
    select
        claim_id, claim_line_number, provider_id, net_overpaid_amount,
        net_overpaid_amount - certain_amount as contingent_overpaid_amount,
        greatest(net_overpaid_amount - line_recovered_amount, 0) as net_remaining,
        greatest(open_amount - line_recovered_amount, 0) as open_remaining,
        greatest(own_amount - line_recovered_amount, 0) as own_remaining,
        greatest(firm_amount - line_recovered_amount, 0) as firm_remaining,
        greatest(timely_amount - line_recovered_amount, 0) as timely_remaining
    from line_amounts
)

select
    claim_id, claim_line_number, provider_id, net_overpaid_amount,
    cast(contingent_overpaid_amount as decimal(18, 2)) as contingent_overpaid_amount,
    cast(timely_remaining as decimal(18, 2)) as demanded_amount,
    cast(open_remaining - own_remaining as decimal(18, 2)) as contingent_amount,
    cast(own_remaining - firm_remaining as decimal(18, 2)) as dependent_amount,
    cast(firm_remaining - timely_remaining as decimal(18, 2)) as time_barred_amount,
    cast(net_remaining - open_remaining as decimal(18, 2)) as closed_amount,
    cast(net_overpaid_amount - net_remaining as decimal(18, 2)) as recovered_amount
from remaining_amounts
