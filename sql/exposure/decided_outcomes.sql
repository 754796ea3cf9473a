-- View: what the rules decided on the lines that the audit reports on: line of business in scope, date in the period;
-- and on the per diem lines outside it that such lines rest on, which no answer of the run is about.
-- Nobody can tell what a rule would decide that the data-quality gate stopped. Where more was taken back than was paid
-- nothing is left to recover, so that no answer of a rule is a finding.
select
    rule_rows.rule, rules.number as rule_number, rules.version as rule_version, rules.group_code,
    rules.policy_section, rules.is_contingent_on_per_diem,
    case
        when stopped_rules.rule is not null then 'not_evaluable'
        when rule_rows.outcome in ('overpayment', 'review') and claim_lines.paid_amount < 0 then 'excepted'
        else rule_rows.outcome
    end as decided_outcome,
    case
        when stopped_rules.rule is not null or claim_lines.paid_amount < 0 then 0
        when rule_rows.outcome in ('overpayment', 'review') then rule_rows.amount
        else 0
    end as decided_amount,
    case
        when stopped_rules.rule is not null then stopped_rules.reason
        when rule_rows.outcome in ('overpayment', 'review') and claim_lines.paid_amount < 0
        then 'more was taken back on this line than the plan paid'
        else rule_rows.reason
    end as decided_reason,
    rule_rows.related_claim_id, rule_rows.related_claim_line_number,
    claim_lines.claim_id, claim_lines.claim_line_number, claim_lines.member_id, claim_lines.provider_id,
    claim_lines.claim_line_start_date, claim_lines.claim_line_end_date, claim_lines.paid_date,
    claim_lines.hcpcs_code, claim_lines.service_unit_quantity, claim_lines.paid_amount, claim_lines.allowed_amount,
    claim_lines.line_of_business, claim_lines.place_of_service_code, claim_lines.modifiers,
    claim_lines.is_self_funded, claim_lines.has_other_payer, claim_lines.is_in_period
from rule_rows
inner join rules on rule_rows.rule = rules.rule
left join stopped_rules on rule_rows.rule = stopped_rules.rule
inner join claim_lines
    on rule_rows.claim_id = claim_lines.claim_id and rule_rows.claim_line_number = claim_lines.claim_line_number
left join related_per_diems
    on rule_rows.claim_id = related_per_diems.claim_id
    and rule_rows.claim_line_number = related_per_diems.claim_line_number
where claim_lines.is_in_scope and (claim_lines.is_in_period or related_per_diems.claim_id is not null)
