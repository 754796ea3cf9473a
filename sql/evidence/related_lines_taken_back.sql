-- Findings of rules whose dollars are no contingent ones, where the line that shows the finding is itself overpaid in
-- full, with the rule that says so: a duplicate of what is taken back, an oral drug beside such a per diem.
select
    asked_findings.finding_id, 'related line taken back' as doubt, lines_overpaid_in_full.overpaid_rule as detail
from asked_findings
inner join rule_doubts on asked_findings.rule = rule_doubts.rule
inner join lines_overpaid_in_full
    on asked_findings.related_claim_id = lines_overpaid_in_full.claim_id
    and asked_findings.related_claim_line_number = lines_overpaid_in_full.claim_line_number
where rule_doubts.doubt = 'related line taken back'
