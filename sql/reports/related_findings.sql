-- Other findings that the filters keep and that belong to the one explained: of its member, or of its rule and
-- provider; a report lists no more than 200.
select
    case
        when selected_findings.member_id <> explained_finding.member_id then 'same rule and provider'
        when
            selected_findings.rule = explained_finding.rule
            and selected_findings.provider_id = explained_finding.provider_id
        then 'same member, rule and provider'
        else 'same member'
    end as relation,
    audited_rules.title,
    selected_findings.outcome,
    selected_findings.amount as gross_amount,
    selected_findings.paid_amount,
    coalesce(providers.name, selected_findings.provider_id) as provider_name,
    selected_findings.member_id,
    selected_findings.claim_id,
    selected_findings.claim_line_number,
    selected_findings.claim_line_start_date,
    selected_findings.hcpcs_code,
    selected_findings.reason,
    selected_findings.finding_id,
    count(*) over () as whole_count
from explained_finding
inner join selected_findings
    on
    explained_finding.finding_id <> selected_findings.finding_id
    and (
        explained_finding.member_id = selected_findings.member_id
        or (
            explained_finding.rule = selected_findings.rule
            and explained_finding.provider_id = selected_findings.provider_id
        )
    )
inner join audited_rules on selected_findings.rule = audited_rules.rule
left join providers on selected_findings.provider_id = providers.provider_id
order by selected_findings.amount desc, audited_rules.rule_number, selected_findings.finding_id
limit 200
