-- Allowed lines of drugs that members give to themselves, as far as code and modifier tell, and of clotting products.
select
    claim_lines.claim_id, claim_lines.claim_line_number, claim_lines.member_id, claim_lines.provider_id,
    claim_lines.hcpcs_code, claim_lines.claim_line_start_date, claim_lines.claim_line_end_date, claim_lines.paid_cents,
    coalesce(injectable_drug_codes.self = 'yes_or_office', false) as is_given_in_office_too,
    coalesce(injectable_drug_codes.is_insulin, false) as is_insulin,
    clotting_factor_codes.exception as clotting_exception
from claim_lines
left join injectable_drug_codes
    on claim_lines.hcpcs_code = injectable_drug_codes.code
    and claim_lines.claim_line_start_date between injectable_drug_codes.valid_from and injectable_drug_codes.valid_to
left join clotting_factor_codes
    on claim_lines.hcpcs_code = clotting_factor_codes.code
    and claim_lines.claim_line_start_date between clotting_factor_codes.valid_from and clotting_factor_codes.valid_to
left join line_modifiers
    on claim_lines.claim_id = line_modifiers.claim_id
    and claim_lines.claim_line_number = line_modifiers.claim_line_number
    and line_modifiers.modifier_use = 'route_sc'
where
    claim_lines.is_allowed
    and (
        injectable_drug_codes.self in ('yes', 'yes_or_office')
        or (injectable_drug_codes.self = 'if_SC' and line_modifiers.claim_id is not null)
        or clotting_factor_codes.code is not null
    )
