-- Findings of days in a stay that by a revenue code or a diagnosis is a newborn's. Where such a diagnosis stands on the
-- claim of the finding, the therapy is the child's own, and there is no doubt.
with newborn_claims as (
    select claim_lines.claim_id
    from claim_lines
    inner join newborn_revenue_codes
        on claim_lines.revenue_center_code = newborn_revenue_codes.code
        and claim_lines.claim_line_start_date
        between newborn_revenue_codes.valid_from and newborn_revenue_codes.valid_to
    union
    select claim_lines.claim_id
    from claim_lines
    inner join diagnosis_prefixes
        on (',' || claim_lines.diagnosis_codes) like ('%,' || diagnosis_prefixes.code || '%')
        and claim_lines.claim_line_start_date between diagnosis_prefixes.valid_from and diagnosis_prefixes.valid_to
    where diagnosis_prefixes.use = 'newborn'
)

select distinct
    asked_findings.finding_id, 'newborn stay' as doubt, cast(null as varchar) as detail
from asked_findings
inner join rule_doubts on asked_findings.rule = rule_doubts.rule
inner join stay_claims
    on asked_findings.member_id = stay_claims.member_id
    and asked_findings.claim_line_start_date < stay_claims.discharge_date
    and asked_findings.claim_line_end_date > stay_claims.admission_date
inner join newborn_claims on stay_claims.claim_id = newborn_claims.claim_id
left join newborn_claims as own_claims on asked_findings.claim_id = own_claims.claim_id
where rule_doubts.doubt = 'newborn stay' and stay_claims.is_allowed and own_claims.claim_id is null
