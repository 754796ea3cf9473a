-- View: what became of each decision: in-force window, payer gates, review-only rules, overrides, in this order.
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
