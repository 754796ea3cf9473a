-- What each gate took out or changed, in lines and in dollars paid, also where nothing met it: a zero is an answer.
-- Rows before netting, lines after it. A gate that `gates` does not list stands last, by its name: none is lost.
with lines_left_out as (
    select
        claim_lines.paid_amount,
        settings.period_by = 'paid' and claim_lines.paid_date is null as is_without_paid_date
    from claim_lines
    cross join settings
    where claim_lines.is_in_scope and not claim_lines.is_in_period
),

changed_answers as (
    select
        case when changed_by like 'override:%' then 'override' else changed_by end as changed_by,
        outcome = 'not_in_force' as is_not_in_force,
        decided_amount
    from line_outcomes
    where changed_by is not null
),

met as (
    select gate, paid_amount, line_count from final_action_gates
    union all
    select 'denied', paid_amount, 1 from claim_lines
    where is_denied
    union all
    -- The settings name payers or plans, the line lacks its payer or plan, and nothing else keeps it out of scope.
    select
        case when is_government or not is_applicable then 'out_of_scope' else 'unknown_applicability' end,
        paid_amount, 1
    from claim_lines
    where not is_in_scope
    union all
    select case when is_without_paid_date then 'without_paid_date' else 'outside_period' end, paid_amount, 1
    from lines_left_out
    union all
    select coalesce(gates.gate, changed_answers.changed_by), changed_answers.decided_amount, 1
    from changed_answers
    left join gates
        on changed_answers.changed_by = gates.changed_by
        and changed_answers.is_not_in_force = gates.is_not_in_force
    union all
    select 'below_minimum', line_outcomes.amount, 1 from line_outcomes
    cross join settings
    where line_outcomes.outcome in ('overpayment', 'review') and line_outcomes.amount < settings.minimum_amount
)

select
    gates.gate_order,
    coalesce(gates.gate, met.gate) as gate,
    coalesce(gates.title, met.gate) as title,
    coalesce(sum(met.line_count), 0) as line_count,
    cast(coalesce(sum(met.paid_amount), 0) as decimal(18, 2)) as paid_amount
from gates
full join met on gates.gate = met.gate
group by gates.gate_order, gates.gate, gates.title, met.gate
