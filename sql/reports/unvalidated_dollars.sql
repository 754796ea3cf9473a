-- Net dollars of rules that reviewers have not accepted on the plan's own data; a rule without dollars is not counted.
select
    count(*) as rule_count,
    cast(coalesce(sum(rule_totals.net_overpaid_amount), 0) as decimal(18, 2)) as net_overpaid_amount,
    cast(coalesce(sum(rule_totals.net_review_amount), 0) as decimal(18, 2)) as net_review_amount
from rule_totals
where
    rule_totals.validation = 'not yet validated here'
    and rule_totals.net_overpaid_amount + rule_totals.net_review_amount > 0
