-- One row per row of a code list: its list, its code and when it counts.
select 'add_on_codes' as list_name, code, valid_from, valid_to from add_on_codes
union all
select 'bill_type_places', bill_type_prefix, valid_from, valid_to from bill_type_places
union all
select 'clotting_factor_codes', code, valid_from, valid_to from clotting_factor_codes
union all
select 'diagnosis_prefixes', code, valid_from, valid_to from diagnosis_prefixes
union all
select 'drug_code_ranges', code_from, valid_from, valid_to from drug_code_ranges
union all
select 'drug_per_diem_pairs', code, valid_from, valid_to from drug_per_diem_pairs
union all
select 'flush_and_diluent_codes', code, valid_from, valid_to from flush_and_diluent_codes
union all
select 'flush_products', code, valid_from, valid_to from flush_products
union all
select 'hcpcs_s_ranges', code_from, valid_from, valid_to from hcpcs_s_ranges
union all
select 'home_visit_codes', code, valid_from, valid_to from home_visit_codes
union all
select 'included_service_codes', code, valid_from, valid_to from included_service_codes
union all
select 'initial_service_codes', code, valid_from, valid_to from initial_service_codes
union all
select 'injectable_drug_codes', code, valid_from, valid_to from injectable_drug_codes
union all
select 'iv_solution_codes', code, valid_from, valid_to from iv_solution_codes
union all
select 'leave_revenue_codes', code, valid_from, valid_to from leave_revenue_codes
union all
select 'modifier_codes', code, valid_from, valid_to from modifier_codes
union all
select 'newborn_revenue_codes', code, valid_from, valid_to from newborn_revenue_codes
union all
select 'nursing_codes', code, valid_from, valid_to from nursing_codes
union all
select 'per_diem_codes', code, valid_from, valid_to from per_diem_codes
union all
select 'per_diem_conflicts', code_a, valid_from, valid_to from per_diem_conflicts
union all
select 'per_diem_place_outcomes', place_of_service_code, valid_from, valid_to from per_diem_place_outcomes
union all
select 'pharmacy_revenue_codes', code, valid_from, valid_to from pharmacy_revenue_codes
union all
select 'place_of_service_codes', code, valid_from, valid_to from place_of_service_codes
union all
select 'policy_windows', group_code, valid_from, valid_to from policy_windows
union all
select 'pump_codes', code, valid_from, valid_to from pump_codes
union all
select 'pump_refill_codes', code, valid_from, valid_to from pump_refill_codes
union all
select 'room_revenue_codes', code, valid_from, valid_to from room_revenue_codes
union all
select 'route_exclusion_codes', code, valid_from, valid_to from route_exclusion_codes
union all
select 'supply_codes', code, valid_from, valid_to from supply_codes
union all
select 'tpn_codes', code, valid_from, valid_to from tpn_codes
union all
select 'tpn_products', code, valid_from, valid_to from tpn_products
