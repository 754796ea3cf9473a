-- Net overpaid dollars by the rule that is credited with them and by what the lookback limits say; the last row is
-- their total.
with credited_amounts as (
    select
        overpaid_rule as rule,
        sum(net_overpaid_amount) as net_overpaid_amount,
        sum(recoverable_amount) as recoverable_amount,
        sum(within_30_days_amount) as within_30_days_amount,
        sum(within_60_days_amount) as within_60_days_amount,
        sum(within_90_days_amount) as within_90_days_amount,
        sum(unknown_amount) as unknown_amount,
        sum(time_barred_amount) as time_barred_amount
    from line_recovery
    where is_overpaid
    group by overpaid_rule
)

select
    audited_rules.rule_number,
    audited_rules.rule,
    case when grouping(audited_rules.rule) = 1 then 'All rules' else audited_rules.title end as title,
    cast(coalesce(sum(net_overpaid_amount), 0) as decimal(18, 2)) as net_overpaid_amount,
    cast(coalesce(sum(recoverable_amount), 0) as decimal(18, 2)) as recoverable_amount,
    cast(coalesce(sum(within_30_days_amount), 0) as decimal(18, 2)) as within_30_days_amount,
    cast(coalesce(sum(within_60_days_amount), 0) as decimal(18, 2)) as within_60_days_amount,
    cast(coalesce(sum(within_90_days_amount), 0) as decimal(18, 2)) as within_90_days_amount,
    cast(coalesce(sum(unknown_amount), 0) as decimal(18, 2)) as unknown_amount,
    cast(coalesce(sum(time_barred_amount), 0) as decimal(18, 2)) as time_barred_amount,
    grouping(audited_rules.rule) = 1 as is_total
from credited_amounts
inner join audited_rules on credited_amounts.rule = audited_rules.rule
group by grouping sets ((audited_rules.rule_number, audited_rules.rule, audited_rules.title), ())
having count(*) > 0
order by is_total, audited_rules.rule_number
