-- The rules that the gate stopped, with the lines and dollars on which nobody can tell.
with stopped as (
    select unnest(cast(body -> 'gate' -> 'stopped_rules' as json[])) as entry
    from quality
),

undecided as (
    select rule, sum(line_count) as line_count, sum(paid_amount) as paid_amount from rule_outcomes
    where outcome = 'not_evaluable'
    group by rule
)

select
    stopped.entry ->> 'rule' as rule,
    stopped.entry ->> 'reason' as reason,
    cast(coalesce(undecided.line_count, 0) as bigint) as line_count,
    cast(coalesce(undecided.paid_amount, 0) as decimal(18, 2)) as paid_amount
from stopped
left join undecided on stopped.entry ->> 'rule' = undecided.rule
order by paid_amount desc, rule
