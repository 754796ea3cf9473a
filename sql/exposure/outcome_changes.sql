-- View: what became of each decision: in-force window, payer gates, review-only rules, overrides, in this order.
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
),

gated_outcomes as (
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
),

matching_overrides as (
    select
        gated_outcomes.rule, gated_outcomes.claim_id, gated_outcomes.claim_line_number,
        overrides.action, overrides.override_row,
        row_number() over (
            partition by gated_outcomes.rule, gated_outcomes.claim_id, gated_outcomes.claim_line_number
            order by overrides.action, overrides.override_row
        ) as place
    from gated_outcomes
    inner join overrides
        on gated_outcomes.rule = overrides.rule and gated_outcomes.provider_id = overrides.provider_id
    where
        (overrides.hcpcs_code is null or overrides.hcpcs_code = gated_outcomes.hcpcs_code)
        and gated_outcomes.claim_line_start_date between overrides.date_from and overrides.date_to
        and (
            (overrides.action = 'exempt' and gated_outcomes.gated_outcome in ('overpayment', 'review'))
            or (overrides.action = 'review' and gated_outcomes.gated_outcome = 'overpayment')
        )
)

select
    gated_outcomes.*,
    case
        when matching_overrides.action = 'exempt' then 'excepted'
        when matching_overrides.action = 'review' then 'review'
        else gated_outcomes.gated_outcome
    end as outcome,
    case
        when matching_overrides.override_row is not null
        then 'override:' || cast(matching_overrides.override_row as varchar)
        else gated_outcomes.gated_by
    end as changed_by,
    matching_overrides.override_row,
    case gated_outcomes.policy_window
        when 'assumed' then gated_outcomes.current_policy_text || ', assumed in force on this date'
        when 'earlier' then gated_outcomes.earlier_policy_text
        when 'current' then gated_outcomes.current_policy_text
    end as policy_text
from gated_outcomes
left join matching_overrides
    on gated_outcomes.rule = matching_overrides.rule
    and gated_outcomes.claim_id = matching_overrides.claim_id
    and gated_outcomes.claim_line_number = matching_overrides.claim_line_number
    and matching_overrides.place = 1
