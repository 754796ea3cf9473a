-- Overpayments and reviews of at least the least amount, each with what a reader needs to trace it.
select
    substr(
        sha256(
            line_outcomes.rule
            || '|'
            || line_outcomes.claim_id
            || '|'
            || cast(line_outcomes.claim_line_number as varchar)
        ),
        1, 16
    ) as finding_id,
    line_outcomes.rule, line_outcomes.rule_version, line_outcomes.outcome,
    line_outcomes.claim_id, line_outcomes.claim_line_number, line_outcomes.member_id, line_outcomes.provider_id,
    claim_lines.claim_line_start_date, claim_lines.claim_line_end_date, claim_lines.paid_date,
    claim_lines.hcpcs_code, claim_lines.service_unit_quantity, claim_lines.paid_amount,
    line_outcomes.amount, line_outcomes.reason,
    line_outcomes.related_claim_id, line_outcomes.related_claim_line_number, rules.policy_section,
    line_outcomes.decided_outcome, line_outcomes.decided_amount, line_outcomes.changed_by,
    line_outcomes.policy_text,
    claim_lines.line_of_business, claim_lines.place_of_service_code, claim_lines.modifiers, claim_lines.allowed_amount,
    rules.number as rule_number, rules.is_contingent_on_per_diem
from line_outcomes
cross join settings
inner join rules on line_outcomes.rule = rules.rule
inner join claim_lines
    on line_outcomes.claim_id = claim_lines.claim_id
    and line_outcomes.claim_line_number = claim_lines.claim_line_number
where line_outcomes.outcome in ('overpayment', 'review') and line_outcomes.amount >= settings.minimum_amount
