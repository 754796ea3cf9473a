-- Every procedure code that some rule can use: as its candidate or as its evidence.
select code from per_diem_codes
union
select code from supply_codes
union
select code from tpn_codes
union
select code from flush_and_diluent_codes
union
select code from iv_solution_codes
union
select code from included_service_codes
union
select code from unclassified_drug_codes
union
select code from injectable_drug_codes
union
select code from clotting_factor_codes
union
select code from route_exclusion_codes
union
select code from drug_per_diem_pairs
union
select code from initial_service_codes
union
select code from pump_refill_codes
union
select code from pump_codes
union
select code from member_owned_battery_codes
union
select code from refill_day_charge_codes
union
select code from upkeep_codes
union
select code from home_visit_codes
union
select code from nursing_codes
where code_system = 'hcpcs'
union
select code from hcpcs_validity
union
select code from local_codes
