-- One row per finding that changed since the last export of cases: new, reopened, changed, or closed.
with open_changes as (
    select
        case_rows.*,
        case
            when exported_rows.finding_id is null then 'new'
            when exported_rows.row_change = 'closed' then 'reopened'
            when exported_rows.row_sha256 <> case_rows.row_sha256 then 'changed'
            else 'unchanged'
        end as row_change,
        cast(null as varchar) as closed_reason
    from case_rows
    left join exported_rows on case_rows.finding_id = exported_rows.finding_id
)

select
    case_key, finding_id, row_change, closed_reason, provider_id, provider_name, rule, rule_title, service_month,
    outcome, claim_id, claim_line_number, member_id, claim_line_start_date, claim_line_end_date, paid_date, hcpcs_code,
    service_unit_quantity, paid_amount, amount, net_overpaid_amount, contingent_overpaid_amount, net_review_amount,
    reason, policy_section, policy_text, recovery_status, recover_by_date, row_sha256
from open_changes
where row_change <> 'unchanged'
union all
select
    exported_rows.case_key, exported_rows.finding_id, 'closed' as row_change, vanished_findings.closed_reason,
    exported_rows.provider_id, exported_rows.provider_name, exported_rows.rule, exported_rows.rule_title,
    exported_rows.service_month, exported_rows.outcome, exported_rows.claim_id, exported_rows.claim_line_number,
    exported_rows.member_id, exported_rows.claim_line_start_date, exported_rows.claim_line_end_date,
    exported_rows.paid_date, exported_rows.hcpcs_code, exported_rows.service_unit_quantity, exported_rows.paid_amount,
    exported_rows.amount, exported_rows.net_overpaid_amount, exported_rows.contingent_overpaid_amount,
    exported_rows.net_review_amount, exported_rows.reason, exported_rows.policy_section, exported_rows.policy_text,
    exported_rows.recovery_status, exported_rows.recover_by_date, exported_rows.row_sha256
from vanished_findings
inner join exported_rows on vanished_findings.finding_id = exported_rows.finding_id
where vanished_findings.is_closed
