-- One row per line that a rule decided to be overpaid, and rule, with the step that stopped it on the road to the
-- money: the first gate that changed it, else the least amount, else reviewers, else the time; `recoverable` where
-- nothing did.
with stopped as (
    select
        line_outcomes.claim_id,
        line_outcomes.claim_line_number,
        line_outcomes.rule,
        line_outcomes.decided_amount,
        case
            when line_outcomes.changed_by is not null
            then coalesce(gates.gate, line_outcomes.gated_by, line_outcomes.changed_by)
            when findings.finding_id is null then 'below_minimum'
            when settled_findings.is_given_up then 'given_up'
            else coalesce(recovery.recovery_status, 'unknown')
        end as step
    from line_outcomes
    left join gates
        on
        gates.changed_by = coalesce(
            line_outcomes.gated_by,
            case when line_outcomes.changed_by like 'override:%' then 'override' else line_outcomes.changed_by end
        )
        and gates.is_not_in_force = (line_outcomes.outcome = 'not_in_force')
    left join findings
        on
        line_outcomes.rule = findings.rule
        and line_outcomes.claim_id = findings.claim_id
        and line_outcomes.claim_line_number = findings.claim_line_number
    left join recovery on findings.finding_id = recovery.finding_id
    left join settled_findings
        on
        line_outcomes.rule = settled_findings.rule
        and line_outcomes.claim_id = settled_findings.claim_id
        and line_outcomes.claim_line_number = settled_findings.claim_line_number
    where line_outcomes.decided_outcome = 'overpayment'
)

select
    stopped.*,
    case
        when walk_steps.step is not null then walk_steps.step_order
        when stopped.step = 'recoverable' then (select max(last_steps.step_order) + 1 from walk_steps as last_steps)
        else error('the walk of the money has no step ' || stopped.step)
    end as step_order
from stopped
left join walk_steps on stopped.step = walk_steps.step
