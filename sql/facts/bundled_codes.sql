-- Codes of lines that a per diem may already pay for.
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
