-- Findings of an electrolyte that a TPN per diem includes, where a hydration per diem of the provider stands on these
-- days too: that one includes no electrolyte, and claims do not show in which bag it was.
select distinct asked_findings.finding_id, 'hydration beside' as doubt, cast(null as varchar) as detail
from asked_findings
inner join rule_doubts on asked_findings.rule = rule_doubts.rule
inner join tpn_lines
    on asked_findings.claim_id = tpn_lines.claim_id
    and asked_findings.claim_line_number = tpn_lines.claim_line_number
inner join per_diem_overlaps
    on asked_findings.claim_id = per_diem_overlaps.claim_id
    and asked_findings.claim_line_number = per_diem_overlaps.claim_line_number
where
    rule_doubts.doubt = 'hydration beside'
    and asked_findings.decided_outcome = 'overpayment'
    and tpn_lines.product_class = 'electrolyte'
    and per_diem_overlaps.is_same_provider
    and per_diem_overlaps.family = 'hydration'
