-- Findings of what a per diem includes, with days on which that per diem is itself found in a stay: those days of it
-- are taken back, the others are not.
select distinct asked_findings.finding_id, 'per diem in a stay' as doubt, cast(null as varchar) as detail
from asked_findings
inner join rules on asked_findings.rule = rules.rule
inner join run_line_exposure as related_lines
    on asked_findings.related_claim_id = related_lines.claim_id
    and asked_findings.related_claim_line_number = related_lines.claim_line_number
inner join evidence_days on asked_findings.finding_id = evidence_days.finding_id
inner join per_diem_stay_days
    on related_lines.claim_id = per_diem_stay_days.claim_id
    and related_lines.claim_line_number = per_diem_stay_days.claim_line_number
    and evidence_days.service_date = per_diem_stay_days.service_date
where
    rules.is_contingent_on_per_diem and evidence_days.is_in_question
    and related_lines.net_overpaid_amount > 0 and not related_lines.is_overpaid_in_full
    and not per_diem_stay_days.is_on_leave and not per_diem_stay_days.is_perhaps_on_leave
