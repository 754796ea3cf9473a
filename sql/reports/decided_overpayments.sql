-- One row per line that a rule decided to be overpaid, and rule, with how far the decision came on the road to the
-- money: gate_order is the gate that stopped it, 10 where nothing did.
select
    line_outcomes.claim_id,
    line_outcomes.claim_line_number,
    line_outcomes.rule,
    line_outcomes.decided_amount,
    case
        when line_outcomes.gated_by = 'window' and line_outcomes.outcome = 'not_in_force' then 1
        when line_outcomes.gated_by = 'window' then 2
        when line_outcomes.gated_by = 'self_funded' then 3
        when line_outcomes.gated_by = 'secondary_payer' then 4
        when line_outcomes.gated_by = 'review_only' then 5
        when line_outcomes.outcome <> 'overpayment' then 6
        when findings.finding_id is null then 7
        when recovery.recovery_status = 'time_barred' then 8
        when recovery.recovery_status = 'recoverable' then 10
        else 9
    end as gate_order
from line_outcomes
left join findings
    on
    line_outcomes.rule = findings.rule
    and line_outcomes.claim_id = findings.claim_id
    and line_outcomes.claim_line_number = findings.claim_line_number
left join recovery on findings.finding_id = recovery.finding_id
where line_outcomes.decided_outcome = 'overpayment'
