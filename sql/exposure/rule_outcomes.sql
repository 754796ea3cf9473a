-- Lines and dollars per rule, outcome and reason: what was found, and what could not be told.
select
    rule, rule_number, rule_version, outcome, reason, count(*) as line_count,
    cast(sum(paid_amount) as decimal(18, 2)) as paid_amount, cast(sum(amount) as decimal(18, 2)) as amount
from line_outcomes
group by rule, rule_number, rule_version, outcome, reason
