-- Findings of a per diem without its drug on whose claim a pharmacy's line stands that names no drug: by revenue code
-- alone.
select distinct
    asked_findings.finding_id, 'pharmacy line' as doubt, cast(null as varchar) as detail
from asked_findings
inner join rule_doubts on asked_findings.rule = rule_doubts.rule
inner join claim_lines
    on asked_findings.claim_id = claim_lines.claim_id and asked_findings.member_id = claim_lines.member_id
inner join pharmacy_revenue_codes
    on claim_lines.revenue_center_code = pharmacy_revenue_codes.code
    and claim_lines.claim_line_start_date
    between pharmacy_revenue_codes.valid_from and pharmacy_revenue_codes.valid_to
where rule_doubts.doubt = 'pharmacy line' and claim_lines.hcpcs_code is null
