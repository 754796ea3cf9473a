-- Large: every rule's final answer on every line of the period that it considered.
select
    rule, rule_number, rule_version, claim_id, claim_line_number, member_id, provider_id, hcpcs_code,
    claim_line_start_date, paid_date, line_of_business, paid_amount, outcome,
    case when outcome in ('overpayment', 'review') then decided_amount else cast(0 as decimal(18, 2)) end as amount,
    case
        when changed_by is null then decided_reason
        when outcome = 'not_in_force' then 'the service came before the provision'
        when changed_by = 'shared_claim_id'
        then 'claim_id: one of the member''s stands for paid claims of another member too'
        when changed_by like 'override:%' and outcome = 'excepted'
        then decided_reason || '; exempt by an override of the plan'
        when changed_by like 'override:%' then decided_reason || '; review by an override of the plan'
        when changed_by = 'window' then decided_reason || '; the policy text then in force is not on file'
        when changed_by = 'self_funded' then
            decided_reason || '; self-funded, FEP or BlueCard: the plan document decides'
        when changed_by = 'secondary_payer' then decided_reason || '; another payer paid first'
        else decided_reason || '; this rule is set to review only'
    end as reason,
    decided_outcome, decided_amount, changed_by, gated_by, override_row, policy_text,
    related_claim_id, related_claim_line_number
from outcome_changes
where is_in_period
