-- Net dollars of rules that reviewers have not accepted on the plan's own data; a rule without dollars is not counted.
select
    count(*) as rule_count,
    cast(coalesce(sum(rule_totals.net_overpaid_amount), 0) as decimal(18, 2)) as net_overpaid_amount,
    cast(coalesce(sum(rule_totals.net_review_amount), 0) as decimal(18, 2)) as net_review_amount
from rule_totals
left join rule_standing on rule_totals.rule = rule_standing.rule
where
    not rule_totals.is_total
    and not coalesce(rule_standing.is_validated, false)
    and rule_totals.net_overpaid_amount + rule_totals.net_review_amount > 0
