-- Lines that are themselves found overpaid in full, in the period or, per diems, outside it, and the rule that says so.
select claim_id, claim_line_number, overpaid_rule from run_line_exposure
where is_overpaid_in_full
union all
select claim_id, claim_line_number, overpaid_rule from run_per_diems_outside_period
