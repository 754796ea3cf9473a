-- One row per claim with a line that a per diem may already pay for: what the diagnoses on any of its lines say.
with bundled_claims as (
    select distinct claim_lines.claim_id
    from claim_lines
    inner join bundled_codes on claim_lines.hcpcs_code = bundled_codes.code
)

select
    claim_lines.claim_id,
    bool_or(claim_lines.diagnosis_codes <> '') as has_diagnosis,
    coalesce(bool_or(diagnosis_prefixes.use = 'hydration_need'), false) as has_hydration_need,
    coalesce(bool_or(diagnosis_prefixes.use = 'fluid_restriction'), false) as has_fluid_restriction
from bundled_claims
inner join claim_lines on bundled_claims.claim_id = claim_lines.claim_id
left join diagnosis_prefixes
    on (',' || claim_lines.diagnosis_codes) like ('%,' || diagnosis_prefixes.code || '%')
    and claim_lines.claim_line_start_date between diagnosis_prefixes.valid_from and diagnosis_prefixes.valid_to
group by claim_lines.claim_id
