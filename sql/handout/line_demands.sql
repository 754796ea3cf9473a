-- One row per overpaid claim line: what of its net is demanded and what is left out; the parts add up to the net.
with line_amounts as (
    select
        claim_id, claim_line_number, provider_id, max(amount) as net_overpaid_amount,
        coalesce(max(case when not is_contingent then amount end), 0) as firm_amount,
        coalesce(max(case when not is_contingent and not is_time_barred then amount end), 0) as demanded_amount
    from demand_findings
    group by claim_id, claim_line_number, provider_id
)

select
    claim_id, claim_line_number, provider_id, net_overpaid_amount,
    cast(demanded_amount as decimal(18, 2)) as demanded_amount,
    cast(net_overpaid_amount - firm_amount as decimal(18, 2)) as contingent_amount,
    cast(firm_amount - demanded_amount as decimal(18, 2)) as time_barred_amount
from line_amounts
