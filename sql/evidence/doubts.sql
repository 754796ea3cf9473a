-- What the claims themselves say against a finding, a row each: every doubt has a file of its own, which says when it
-- holds, and its words in audit_lib/evidence/doubts.py. A doubt of single rules holds for those whose `.yml` names it.
select finding_id, 0 as doubt_order, 'taken back' as doubt, detail from reversed_payments
union all
select * from authorized_lines
union all
select * from contingent_findings
union all
select * from repeated_amounts
union all
select finding_id, 4 as doubt_order, 'unnamed original' as doubt, detail from unnamed_originals
union all
select * from units_on_several_days
union all
select * from units_of_several_rows
union all
select * from units_below_days
union all
select * from units_within_days
union all
select * from per_diems_below_days
union all
select * from rentals_on_one_day
union all
select * from newborn_stays
union all
select * from days_beyond_stay_claims
union all
select * from places_from_bill_types
union all
select * from drugs_on_other_days
union all
select distinct finding_id, 5 as doubt_order, 'earlier drug' as doubt, cast(null as varchar) as detail
from earlier_drugs
union all
select * from pharmacy_lines
union all
select * from lines_of_one_npi
union all
select * from denied_services
union all
select * from unnamed_visits
union all
select * from days_without_visits
union all
select * from denied_first_hours
union all
select * from visits_by_another_code
union all
select * from visits_taken_back
union all
select * from staff_services
union all
select * from other_payers
union all
select * from unlike_payments
union all
select * from borrowed_dates
union all
select * from assumed_fields
