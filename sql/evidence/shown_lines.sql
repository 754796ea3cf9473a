-- The lines that the evidence of a finding shows, each once, with what it is there for: the finding itself, the line
-- that proves it, lines that count a day, other lines of the claim, other lines of the member on these days or the day
-- before or after, and drugs of the weeks before and after where one is missed.
with named_lines as (
    select finding_id, claim_id, claim_line_number, 1 as role_order, 'finding' as role from asked_findings
    union all
    select finding_id, related_claim_id, related_claim_line_number, 2, 'proof' from asked_findings
    where related_claim_id is not null
    union all
    select finding_id, proof_claim_id, proof_claim_line_number, 3, 'counted' from evidence_days
    where proof_claim_id is not null
    union all
    select asked_findings.finding_id, claim_lines.claim_id, claim_lines.claim_line_number, 4, 'claim'
    from asked_findings
    inner join claim_lines on asked_findings.claim_id = claim_lines.claim_id
    union all
    select asked_findings.finding_id, claim_lines.claim_id, claim_lines.claim_line_number, 5, 'beside'
    from asked_findings
    inner join claim_lines
        on asked_findings.member_id = claim_lines.member_id
        and date_diff('day', asked_findings.claim_line_start_date, claim_lines.claim_line_end_date) >= -1
        and date_diff('day', claim_lines.claim_line_start_date, asked_findings.claim_line_end_date) >= -1
    union all
    select finding_id, claim_id, claim_line_number, 6, 'earlier' from drugs_of_other_weeks
    where doubt = 'earlier drug'
    union all
    select finding_id, claim_id, claim_line_number, 7, 'later' from drugs_of_other_weeks
    where doubt = 'later drug'
),

roles as (
    select
        *,
        row_number() over (partition by finding_id, claim_id, claim_line_number order by role_order) as place
    from named_lines
)

select
    roles.finding_id, roles.role, roles.role_order,
    claim_lines.claim_id, claim_lines.claim_line_number, claim_lines.provider_id,
    claim_lines.provider_id <> asked_findings.provider_id as is_other_provider,
    claim_lines.claim_line_start_date, claim_lines.claim_line_end_date, claim_lines.day_count, claim_lines.paid_date,
    claim_lines.hcpcs_code, claim_lines.revenue_center_code, code_labels.label as code_label, claim_lines.modifiers,
    claim_lines.service_unit_quantity, claim_lines.paid_amount, claim_lines.allowed_amount,
    claim_lines.place_of_service_code, claim_lines.authorization_number, claim_lines.is_denied,
    claim_lines.is_self_funded, claim_lines.has_other_payer,
    claim_lines.source_file, claim_lines.source_row
from roles
inner join asked_findings on roles.finding_id = asked_findings.finding_id
inner join claim_lines
    on roles.claim_id = claim_lines.claim_id and roles.claim_line_number = claim_lines.claim_line_number
left join code_labels on claim_lines.hcpcs_code = code_labels.hcpcs_code
where roles.place = 1
