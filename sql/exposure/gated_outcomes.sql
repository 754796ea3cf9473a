-- View: what windows, shared claim ids, payer gates and review-only rules make of each decision, in this order.
-- Where two members share a claim id nobody can tell whose its lines are. So nothing is told of them, and nothing that
-- they may prove is found: a rule looks at all lines of a member, so no finding on one of the two stands.
with shared_claims as (
    select distinct claim_id from shared_claim_ids
),

sharing_members as (
    select distinct member_id from shared_claim_ids
),

window_outcomes as (
    select
        decided_outcomes.*,
        case
            when policy_windows.group_code is null then 'before'
            when settings.is_assumed_in_force then 'assumed'
            when decided_outcomes.claim_line_start_date < policy_windows.not_in_force_before then 'before'
            when decided_outcomes.claim_line_start_date < policy_windows.overpayment_from then 'earlier'
            else 'current'
        end as policy_window,
        shared_claims.claim_id is not null
        or (sharing_members.member_id is not null and decided_outcomes.decided_outcome in ('overpayment', 'review'))
            as is_untold,
        policy_windows.policy_text as current_policy_text, policy_windows.earlier_policy_text
    from decided_outcomes
    cross join settings
    left join policy_windows
        on decided_outcomes.group_code = policy_windows.group_code
        and decided_outcomes.claim_line_start_date between policy_windows.valid_from and policy_windows.valid_to
    left join shared_claims on decided_outcomes.claim_id = shared_claims.claim_id
    left join sharing_members on decided_outcomes.member_id = sharing_members.member_id
)

select
    window_outcomes.*,
    case
        when policy_window = 'before' then 'not_in_force'
        when is_untold then 'not_evaluable'
        when decided_outcome <> 'overpayment' then decided_outcome
        when
            policy_window = 'earlier' or is_self_funded or has_other_payer or review_only_rules.rule is not null
        then 'review'
        else decided_outcome
    end as gated_outcome,
    case
        when policy_window = 'before' and decided_outcome <> 'not_in_force' then 'window'
        when is_untold and decided_outcome <> 'not_evaluable' then 'shared_claim_id'
        when decided_outcome <> 'overpayment' then null
        when policy_window = 'earlier' then 'window'
        when is_self_funded then 'self_funded'
        when has_other_payer then 'secondary_payer'
        when review_only_rules.rule is not null then 'review_only'
    end as gated_by
from window_outcomes
left join review_only_rules on window_outcomes.rule = review_only_rules.rule
