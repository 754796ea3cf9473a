-- One row per finding of the run, as a case-management tool gets it. A case is a provider, a rule and the month of the
-- line's from date; its key depends on nothing else. Net amounts count each dollar of a line once; `amount` is what the
-- rule for itself puts in question. What reviewers closed is not open and carries no net amount; dollars that they gave
-- up under one rule stay in the case of another that still asks for them, as the letter does.
with firm_amounts as (
    select demand_findings.claim_id, demand_findings.claim_line_number, max(demand_findings.amount) as firm_amount
    from demand_findings
    inner join finding_standings on demand_findings.finding_id = finding_standings.finding_id
    where not demand_findings.is_contingent and not finding_standings.is_given_up
    group by demand_findings.claim_id, demand_findings.claim_line_number
),

described_findings as (
    select
        findings.*, names.provider_name, rule_wording.title as rule_title,
        strftime(findings.claim_line_start_date, '%Y-%m') as service_month,
        finding_status.status <> 'closed' as is_open, finding_status.status_reason,
        finding_status.inherits_from_finding_id, finding_status.net_overpaid_amount, finding_status.net_review_amount,
        greatest(finding_status.net_overpaid_amount - coalesce(firm_amounts.firm_amount, 0), 0)
            as contingent_overpaid_amount,
        coalesce(recovery.recovery_status, 'unknown') as recovery_status, recovery.recover_by_date
    from findings
    inner join rule_wording on findings.rule = rule_wording.rule
    inner join finding_status on findings.finding_id = finding_status.finding_id
    left join firm_amounts
        on findings.claim_id = firm_amounts.claim_id and findings.claim_line_number = firm_amounts.claim_line_number
    left join handout_provider_names as names on findings.provider_id = names.provider_id
    left join recovery on findings.finding_id = recovery.finding_id
),

case_findings as (
    select
        substr(sha256(provider_id || '|' || rule || '|' || service_month), 1, 16) as case_key,
        finding_id, is_open, provider_id, provider_name, rule, rule_title, service_month, outcome, claim_id,
        claim_line_number, member_id, claim_line_start_date, claim_line_end_date, paid_date, hcpcs_code,
        service_unit_quantity, paid_amount, amount,
        cast(case when is_open then net_overpaid_amount else 0 end as decimal(18, 2)) as net_overpaid_amount,
        cast(case when is_open then contingent_overpaid_amount else 0 end as decimal(18, 2))
            as contingent_overpaid_amount,
        cast(case when is_open then net_review_amount else 0 end as decimal(18, 2)) as net_review_amount,
        reason, policy_section, policy_text, recovery_status, recover_by_date, inherits_from_finding_id, status_reason
    from described_findings
)

select
    *,
    sha256(
        concat_ws(
            '|', case_key, cast(is_open as varchar), coalesce(provider_name, ''), rule_title, outcome,
            coalesce(member_id, ''), cast(claim_line_start_date as varchar), cast(claim_line_end_date as varchar),
            coalesce(cast(paid_date as varchar), ''), coalesce(hcpcs_code, ''),
            coalesce(cast(service_unit_quantity as varchar), ''), cast(paid_amount as varchar), cast(amount as varchar),
            cast(net_overpaid_amount as varchar), cast(contingent_overpaid_amount as varchar),
            cast(net_review_amount as varchar), reason, policy_section, coalesce(policy_text, ''), recovery_status,
            coalesce(cast(recover_by_date as varchar), '')
        )
    ) as row_sha256
from case_findings
