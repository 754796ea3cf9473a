-- Findings that rest on a per diem which is itself overpaid in full, in the period or outside it, with the rule that
-- says so.
with per_diems_overpaid_in_full as (
    select claim_id, claim_line_number, overpaid_rule from run_line_exposure
    where is_overpaid_in_full
    union all
    select claim_id, claim_line_number, overpaid_rule from run_per_diems_outside_period
)

select asked_findings.finding_id, 'contingent' as doubt, per_diems.overpaid_rule as detail
from asked_findings
inner join rules on asked_findings.rule = rules.rule
inner join per_diems_overpaid_in_full as per_diems
    on asked_findings.related_claim_id = per_diems.claim_id
    and asked_findings.related_claim_line_number = per_diems.claim_line_number
where rules.is_contingent_on_per_diem
