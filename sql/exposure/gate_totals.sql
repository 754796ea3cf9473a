-- What each gate took out or changed, in lines and in dollars paid; rows before netting, lines after it.
with lines_left_out as (
    select
        claim_lines.paid_amount,
        settings.period_by = 'paid' and claim_lines.paid_date is null as is_without_paid_date
    from claim_lines
    cross join settings
    where claim_lines.is_in_scope and not claim_lines.is_in_period
),

gates as (
    select gate_order, gate, paid_amount, line_count from final_action_gates
    union all
    select 5, 'denied', paid_amount, 1 from claim_lines
    where is_denied
    union all
    -- The settings name payers or plans, the line lacks its payer or plan, and nothing else keeps it out of scope.
    select
        case when is_government or not is_applicable then 6 else 7 end,
        case when is_government or not is_applicable then 'out_of_scope' else 'unknown_applicability' end,
        paid_amount, 1
    from claim_lines
    where not is_in_scope
    union all
    select
        case when is_without_paid_date then 9 else 8 end,
        case when is_without_paid_date then 'without_paid_date' else 'outside_period' end,
        paid_amount, 1
    from lines_left_out
    union all
    select
        case
            when changed_by = 'window' and outcome = 'not_in_force' then 10
            when changed_by = 'window' then 11
            when changed_by = 'self_funded' then 12
            when changed_by = 'secondary_payer' then 13
            when changed_by = 'review_only' then 14
            else 15
        end,
        case
            when changed_by = 'window' and outcome = 'not_in_force' then 'not_in_force'
            when changed_by = 'window' then 'earlier_text'
            when changed_by like 'override:%' then 'override'
            else changed_by
        end,
        decided_amount, 1
    from line_outcomes
    where changed_by is not null
    union all
    select 16, 'below_minimum', line_outcomes.amount, 1 from line_outcomes
    cross join settings
    where line_outcomes.outcome in ('overpayment', 'review') and line_outcomes.amount < settings.minimum_amount
)

select
    gate_order, gate, sum(line_count) as line_count,
    cast(coalesce(sum(paid_amount), 0) as decimal(18, 2)) as paid_amount
from gates
group by gate_order, gate
