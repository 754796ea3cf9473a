-- One row per lookback limit of the plan: what it says, and the findings whose time it decided.
with uses as (
    select limit_row, count(*) as finding_count
    from recovery
    where limit_row is not null
    group by limit_row
),

exemptions as (
    select limit_row, string_agg(rule, ';' order by rule) as exempt_rules
    from lookback_exemptions
    group by limit_row
)

select
    lookback_limits.limit_row, lookback_limits.line_of_business, lookback_limits.state, lookback_limits.months,
    lookback_limits.counted_from, exemptions.exempt_rules, lookback_limits.citation,
    coalesce(uses.finding_count, 0) as finding_count
from lookback_limits
left join exemptions on lookback_limits.limit_row = exemptions.limit_row
left join uses on lookback_limits.limit_row = uses.limit_row
