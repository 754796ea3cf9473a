-- Each difference with its cause: the claims data, the period, the settings, or the rule's version. What the files
-- prove goes first: a line that both runs have and that is delivered otherwise; then a line in one run's period only,
-- which the other would not report whatever its files hold. Then what else differs between the runs decides. Where a
-- finding only took over its line's dollars or gave them up, the cause is that of the line's other finding.
with changed_members as (
    select distinct member_id from changed_claim_lines
),

judged_changes as (
    select
        finding_changes.*,
        changed_claim_lines.claim_id is not null as is_line_changed,
        finding_periods.is_in_both_runs,
        finding_periods.is_in_period_a <> finding_periods.is_in_period_b as is_in_one_period,
        changed_members.member_id is not null as is_member_changed,
        changed_rules.rule is not null as is_rule_changed,
        coalesce(outcomes_a.decided_outcome = outcomes_b.decided_outcome, false)
        and coalesce(outcomes_a.decided_amount = outcomes_b.decided_amount, false) as is_decided_alike,
        finding_changes.change = 'changed'
        and finding_changes.outcome_a = finding_changes.outcome_b
        and finding_changes.amount_a = finding_changes.amount_b as is_credit_only
    from finding_changes
    left join finding_periods
        on finding_changes.rule = finding_periods.rule
        and finding_changes.claim_id = finding_periods.claim_id
        and finding_changes.claim_line_number = finding_periods.claim_line_number
    left join changed_claim_lines
        on finding_changes.claim_id = changed_claim_lines.claim_id
        and finding_changes.claim_line_number = changed_claim_lines.claim_line_number
    left join changed_members on finding_changes.member_id = changed_members.member_id
    left join changed_rules on finding_changes.rule = changed_rules.rule
    left join line_outcomes_a as outcomes_a
        on finding_changes.rule = outcomes_a.rule
        and finding_changes.claim_id = outcomes_a.claim_id
        and finding_changes.claim_line_number = outcomes_a.claim_line_number
    left join line_outcomes_b as outcomes_b
        on finding_changes.rule = outcomes_b.rule
        and finding_changes.claim_id = outcomes_b.claim_id
        and finding_changes.claim_line_number = outcomes_b.claim_line_number
),

own_causes as (
    select
        judged_changes.*,
        case
            when judged_changes.is_line_changed and judged_changes.is_in_both_runs then 'data'
            when judged_changes.is_in_one_period then 'period'
            when judged_changes.is_line_changed then 'data'
            when judged_changes.is_credit_only then null
            when judged_changes.is_decided_alike and run_changes.has_settings_changed then 'settings'
            when judged_changes.is_rule_changed then 'rule version'
            when judged_changes.is_member_changed then 'data'
            when run_changes.has_settings_changed then 'settings'
            when run_changes.has_data_changed then 'data'
            when run_changes.has_shared_sql_changed then 'rule version'
            when run_changes.has_period_changed then 'period'
        end as own_cause
    from judged_changes
    cross join run_changes
)

select
    change,
    coalesce(own_cause, max(own_cause) over (partition by claim_id, claim_line_number), 'unexplained') as cause,
    rule, claim_id, claim_line_number, member_id, provider_id, hcpcs_code, outcome_a, outcome_b, amount_a, amount_b,
    net_overpaid_a, net_overpaid_b, net_review_a, net_review_b
from own_causes
