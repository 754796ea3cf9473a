-- View: what in-force windows, payer gates and review-only rules make of each decision, in this order.
with window_outcomes as (
    select
        decided_outcomes.*,
        case
            when policy_windows.group_code is null then 'before'
            when settings.is_assumed_in_force then 'assumed'
            when decided_outcomes.claim_line_start_date < policy_windows.not_in_force_before then 'before'
            when decided_outcomes.claim_line_start_date < policy_windows.overpayment_from then 'earlier'
            else 'current'
        end as policy_window,
        policy_windows.policy_text as current_policy_text, policy_windows.earlier_policy_text
    from decided_outcomes
    cross join settings
    left join policy_windows
        on decided_outcomes.group_code = policy_windows.group_code
        and decided_outcomes.claim_line_start_date between policy_windows.valid_from and policy_windows.valid_to
)

select
    window_outcomes.*,
    case
        when policy_window = 'before' then 'not_in_force'
        when decided_outcome <> 'overpayment' then decided_outcome
        when
            policy_window = 'earlier' or is_self_funded or has_other_payer or review_only_rules.rule is not null
        then 'review'
        else decided_outcome
    end as gated_outcome,
    case
        when policy_window = 'before' and decided_outcome <> 'not_in_force' then 'window'
        when decided_outcome <> 'overpayment' then null
        when policy_window = 'earlier' then 'window'
        when is_self_funded then 'self_funded'
        when has_other_payer then 'secondary_payer'
        when review_only_rules.rule is not null then 'review_only'
    end as gated_by
from window_outcomes
left join review_only_rules on window_outcomes.rule = review_only_rules.rule
