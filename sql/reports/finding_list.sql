-- The findings that the filters keep, those with the most dollars first; a report lists no more than 500.
select
    audited_rules.title,
    selected_findings.outcome,
    coalesce(providers.name, selected_findings.provider_id) as provider_name,
    selected_findings.claim_id,
    selected_findings.claim_line_number,
    selected_findings.member_id,
    selected_findings.claim_line_start_date,
    selected_findings.hcpcs_code,
    code_labels.label as code_label,
    selected_findings.paid_amount,
    selected_findings.amount as gross_amount,
    selected_findings.reason,
    selected_findings.policy_text,
    selected_findings.finding_id,
    count(*) over () as whole_count
from selected_findings
inner join audited_rules on selected_findings.rule = audited_rules.rule
left join providers on selected_findings.provider_id = providers.provider_id
left join code_labels on selected_findings.hcpcs_code = code_labels.hcpcs_code
order by selected_findings.amount desc, audited_rules.rule_number, selected_findings.finding_id
limit 500
