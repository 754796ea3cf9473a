-- One row per claim line that is demanded, each dollar once. Of the other rules that found it none is named that rests
-- on a line which is itself overpaid in full.
with other_rules as (
    select
        demand_findings.claim_id, demand_findings.claim_line_number,
        string_agg(demand_findings.rule_title, '; ' order by demand_findings.rule_number) as other_rules
    from demand_findings
    inner join credited_demands
        on demand_findings.claim_id = credited_demands.claim_id
        and demand_findings.claim_line_number = credited_demands.claim_line_number
        and demand_findings.rule <> credited_demands.rule
    where
        credited_demands.part = 'demanded'
        and not (demand_findings.is_closed or demand_findings.is_contingent or demand_findings.is_dependent)
    group by demand_findings.claim_id, demand_findings.claim_line_number
)

select
    credited_demands.provider_id, credited_demands.claim_id, credited_demands.claim_line_number,
    credited_demands.member_id, credited_demands.claim_line_start_date, credited_demands.claim_line_end_date,
    credited_demands.paid_date, credited_demands.hcpcs_code, code_labels.label as code_label,
    credited_demands.modifiers, credited_demands.place_of_service_code, credited_demands.service_unit_quantity,
    credited_demands.paid_amount, credited_demands.part_amount as demanded_amount,
    credited_demands.rule_title, credited_demands.reason, other_rules.other_rules,
    coalesce(own_related_lines.related_service, 'the claim line itself') as related_service,
    own_related_lines.related_claim_id, own_related_lines.related_claim_line_number,
    own_related_lines.related_hcpcs_code, own_related_lines.related_start_date, own_related_lines.related_end_date,
    credited_demands.policy_section, credited_demands.policy_text, credited_demands.finding_id,
    credited_demands.rule, credited_demands.rule_number, credited_demands.already_recovered_amount
from credited_demands
left join other_rules
    on credited_demands.claim_id = other_rules.claim_id
    and credited_demands.claim_line_number = other_rules.claim_line_number
left join own_related_lines on credited_demands.finding_id = own_related_lines.finding_id
left join code_labels on credited_demands.hcpcs_code = code_labels.hcpcs_code
where credited_demands.part = 'demanded'
