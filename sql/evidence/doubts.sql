-- What the claims themselves say against a finding, a row each: every doubt has a file of its own, which says when it
-- holds; its place among the others and its words are in doubts.yml. A doubt of single rules holds for those whose
-- `.yml` names it.
with said as (
    select finding_id, doubt, detail from reversed_payments
    union all
    select finding_id, doubt, detail from payments_taken_back_in_part
    union all
    select finding_id, doubt, detail from unread_rows
    union all
    select finding_id, doubt, detail from authorized_lines
    union all
    select finding_id, doubt, detail from contingent_findings
    union all
    select finding_id, doubt, detail from repeated_amounts
    union all
    select finding_id, doubt, detail from services_on_one_line
    union all
    select finding_id, doubt, detail from unnamed_originals
    union all
    select finding_id, doubt, detail from units_on_several_days
    union all
    select finding_id, doubt, detail from units_of_several_rows
    union all
    select finding_id, doubt, detail from possible_spans
    union all
    select finding_id, doubt, detail from spans_that_show_it
    union all
    select finding_id, doubt, detail from units_below_days
    union all
    select finding_id, doubt, detail from units_within_days
    union all
    select finding_id, doubt, detail from per_diems_below_days
    union all
    select finding_id, doubt, detail from per_diems_on_one_day
    union all
    select finding_id, doubt, detail from electrolytes_beside_hydration
    union all
    select finding_id, doubt, detail from denied_per_diems
    union all
    select finding_id, doubt, detail from rentals_on_one_day
    union all
    select finding_id, doubt, detail from newborn_stays
    union all
    select finding_id, doubt, detail from days_beyond_stay_claims
    union all
    select finding_id, doubt, detail from places_from_bill_types
    union all
    select finding_id, doubt, detail from drugs_of_both_claims
    union all
    select finding_id, doubt, detail from drugs_on_other_days
    union all
    select distinct finding_id, doubt, detail from drugs_of_other_weeks
    union all
    select finding_id, doubt, detail from pharmacy_lines
    union all
    select finding_id, doubt, detail from unread_codes
    union all
    select finding_id, doubt, detail from unread_drugs
    union all
    select finding_id, doubt, detail from lines_of_one_npi
    union all
    select finding_id, doubt, detail from other_encounters
    union all
    select finding_id, doubt, detail from other_pumps
    union all
    select finding_id, doubt, detail from denied_services
    union all
    select finding_id, doubt, detail from unnamed_visits
    union all
    select finding_id, doubt, detail from days_without_visits
    union all
    select finding_id, doubt, detail from denied_first_hours
    union all
    select finding_id, doubt, detail from first_hours_of_the_day_before
    union all
    select finding_id, doubt, detail from visits_by_another_code
    union all
    select finding_id, doubt, detail from related_lines_taken_back
    union all
    select finding_id, doubt, detail from staff_services
    union all
    select finding_id, doubt, detail from other_payers
    union all
    select finding_id, doubt, detail from other_plans
    union all
    select finding_id, doubt, detail from unpaid_earlier_lines
    union all
    select finding_id, doubt, detail from unpaid_per_diems
    union all
    select finding_id, doubt, detail from per_diems_in_stays
    union all
    select finding_id, doubt, detail from borrowed_dates
    union all
    select finding_id, doubt, detail from assumed_fields
)

select said.finding_id, doubt_kinds.doubt_order, said.doubt, said.detail
from said
left join doubt_kinds on said.doubt = doubt_kinds.doubt
