-- Findings of a refill that another claim of the day bills, where the two codes are of pumps of different kinds.
select distinct asked_findings.finding_id, 'another pump' as doubt, cast(null as varchar) as detail
from asked_findings
inner join rule_doubts on asked_findings.rule = rule_doubts.rule
inner join claim_lines as related_lines
    on asked_findings.related_claim_id = related_lines.claim_id
    and asked_findings.related_claim_line_number = related_lines.claim_line_number
inner join pump_refill_codes as own_codes
    on asked_findings.hcpcs_code = own_codes.code
    and asked_findings.claim_line_start_date between own_codes.valid_from and own_codes.valid_to
inner join pump_refill_codes as related_codes
    on related_lines.hcpcs_code = related_codes.code
    and related_lines.claim_line_start_date between related_codes.valid_from and related_codes.valid_to
where rule_doubts.doubt = 'another pump' and own_codes.pump <> related_codes.pump
