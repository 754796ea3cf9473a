-- How the rules stand with the reviewers: precision (upheld of decided, Wilson's interval at 95 %) and validation.
select
    audited_rules.rule_number, audited_rules.rule, audited_rules.title, audited_rules.rule_version,
    rule_standing.decided_count, rule_standing.upheld_count, rule_standing.overturned_count,
    rule_standing.decided_at_this_version_count,
    rule_standing.precision_share, rule_standing.precision_low, rule_standing.precision_high,
    100 * rule_standing.precision_share as precision_percent,
    100 * rule_standing.precision_low as precision_low_percent,
    100 * rule_standing.precision_high as precision_high_percent,
    rule_standing.judged_finding_count, rule_standing.agreed_finding_count,
    rule_standing.judged_pass_count, rule_standing.agreed_pass_count,
    case when rule_standing.is_validated then 'accepted' else 'not yet validated here' end as validation
from rule_standing
inner join audited_rules on rule_standing.rule = audited_rules.rule
order by audited_rules.rule_number, audited_rules.rule
