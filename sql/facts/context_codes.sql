-- Codes of lines of which a rule asks in what context they were billed.
select code from flush_and_diluent_codes
where use = 'flush'
union
select code from injectable_drug_codes
union
select code from clotting_factor_codes
union
select code from route_exclusion_codes
