-- Lines to review, each with the one piece of evidence that would settle it: the policy text of its day, the plan
-- document, the other payer's statement, the plan's own decision, else the provider's records of the member.
select
    selected_exposure.claim_id,
    selected_exposure.claim_line_number,
    selected_exposure.member_id,
    selected_exposure.provider_id,
    selected_exposure.hcpcs_code,
    selected_exposure.claim_line_start_date,
    selected_exposure.net_review_amount,
    selected_findings.rule,
    selected_findings.reason,
    case when selected_findings.changed_by = 'self_funded' then claim_lines.plan end as plan,
    case
        when selected_findings.changed_by = 'window' then 'earlier policy text'
        when selected_findings.changed_by = 'self_funded' then 'plan document'
        when selected_findings.changed_by = 'secondary_payer' then 'statement of the other payer'
        when selected_findings.changed_by is not null then 'decision of the plan'
        else 'records of the provider'
    end as evidence,
    case
        when selected_findings.changed_by = 'window' then ''
        when selected_findings.changed_by = 'self_funded' then coalesce(claim_lines.plan, '')
        when selected_findings.changed_by = 'secondary_payer' then selected_exposure.claim_id
        when selected_findings.changed_by is not null
        then selected_findings.rule || '|' || selected_exposure.provider_id
        else selected_exposure.provider_id || '|' || selected_exposure.member_id || '|' || selected_findings.rule
    end as evidence_key
from selected_exposure
inner join selected_findings
    on
    selected_exposure.claim_id = selected_findings.claim_id
    and selected_exposure.claim_line_number = selected_findings.claim_line_number
    and selected_exposure.review_rule = selected_findings.rule
left join claim_lines
    on
    selected_exposure.claim_id = claim_lines.claim_id
    and selected_exposure.claim_line_number = claim_lines.claim_line_number
