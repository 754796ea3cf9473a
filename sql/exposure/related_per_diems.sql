-- Lines outside the period that an overpayment of the period rests on: per diems that include an item, and lines
-- without which a finding is not shown. The table `per_diems_outside_period` says of which nothing was owed.
select distinct per_diems.claim_id, per_diems.claim_line_number
from rule_rows
inner join rules on rule_rows.rule = rules.rule
inner join claim_lines
    on rule_rows.claim_id = claim_lines.claim_id and rule_rows.claim_line_number = claim_lines.claim_line_number
inner join claim_lines as per_diems
    on rule_rows.related_claim_id = per_diems.claim_id
    and rule_rows.related_claim_line_number = per_diems.claim_line_number
where
    (rules.is_contingent_on_per_diem or rules.is_dependent_on_line) and rule_rows.outcome = 'overpayment'
    and claim_lines.is_in_scope and claim_lines.is_in_period and not per_diems.is_in_period
