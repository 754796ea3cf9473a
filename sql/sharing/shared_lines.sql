-- One row per claim line and measure behind which it stands, with the categories that shared reports count by.
-- Undecided lines are known by rule alone; whose they are only where the run keeps lines of the member.
with known_members as (
    select distinct
        claim_id,
        claim_line_number,
        member_id
    from claim_lines
),

measured_lines as (
    select
        'overpayment' as measure,
        claim_id,
        member_id,
        overpaid_rule as rule,
        period_month,
        provider_id,
        provider_name,
        hcpcs_code,
        code_label,
        net_overpaid_amount as amount,
        contingent_overpaid_amount as contingent_amount
    from exposed_lines
    where is_overpaid
    union all by name
    select
        'review' as measure,
        claim_id,
        member_id,
        review_rule as rule,
        period_month,
        provider_id,
        provider_name,
        hcpcs_code,
        code_label,
        net_review_amount as amount
    from exposed_lines
    where is_under_review
    union all by name
    select
        line_outcomes.outcome as measure,
        line_outcomes.claim_id,
        known_members.member_id,
        line_outcomes.rule,
        line_outcomes.paid_amount as amount
    from line_outcomes
    left join known_members
        on
        line_outcomes.claim_id = known_members.claim_id
        and line_outcomes.claim_line_number = known_members.claim_line_number
    where line_outcomes.outcome in ('not_evaluable', 'not_in_force')
)

select
    measured_lines.measure,
    measured_lines.claim_id,
    measured_lines.member_id,
    measured_lines.amount,
    measured_lines.contingent_amount,
    measured_lines.rule as rule_category,
    audited_rules.title as rule_label,
    coalesce(strftime(measured_lines.period_month, '%Y-%m'), 'none') as month_category,
    coalesce(strftime(measured_lines.period_month, '%b %Y'), 'No date') as month_label,
    coalesce(measured_lines.provider_id, 'none') as provider_category,
    measured_lines.provider_name as provider_label,
    coalesce(measured_lines.hcpcs_code, 'none') as code_category,
    concat_ws(' ', coalesce(measured_lines.hcpcs_code, 'No code'), measured_lines.code_label) as code_label
from measured_lines
inner join audited_rules on measured_lines.rule = audited_rules.rule
