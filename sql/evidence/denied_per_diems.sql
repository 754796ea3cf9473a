-- Findings that rest on a per diem being absent on the days of the line (an infusion's for a drug under the skin, the
-- provider's of hydration for a fluid, of the therapy that heparin, a flush or an electrolyte beside nutrition may be,
-- that of insulin or nutrition for insulin, that of an injected drug), where such a per diem was billed for one of
-- these days and not allowed.
select distinct asked_findings.finding_id, 'denied per diem' as doubt, cast(null as varchar) as detail
from asked_findings
inner join rule_doubts on asked_findings.rule = rule_doubts.rule
inner join claim_lines
    on asked_findings.member_id = claim_lines.member_id
    and asked_findings.claim_line_start_date <= claim_lines.claim_line_end_date
    and asked_findings.claim_line_end_date >= claim_lines.claim_line_start_date
inner join per_diem_codes
    on claim_lines.hcpcs_code = per_diem_codes.code
    and claim_lines.claim_line_start_date between per_diem_codes.valid_from and per_diem_codes.valid_to
left join diluent_or_heparin_with_per_diem.situations as products
    on asked_findings.claim_id = products.claim_id
    and asked_findings.claim_line_number = products.claim_line_number
    and asked_findings.rule = 'diluent_or_heparin_with_per_diem'
left join tpn_code_review_families
    on asked_findings.hcpcs_code = tpn_code_review_families.code
    and per_diem_codes.family = tpn_code_review_families.family
    and asked_findings.claim_line_start_date
    between tpn_code_review_families.valid_from and tpn_code_review_families.valid_to
    and asked_findings.rule = 'tpn_base_product'
left join self_administered_lines
    on asked_findings.claim_id = self_administered_lines.claim_id
    and asked_findings.claim_line_number = self_administered_lines.claim_line_number
    and asked_findings.rule = 'self_administered_drug'
left join drug_per_diem_pairs
    on self_administered_lines.hcpcs_code = drug_per_diem_pairs.code
    and per_diem_codes.code = drug_per_diem_pairs.per_diem_code
    and asked_findings.claim_line_start_date
    between drug_per_diem_pairs.valid_from and drug_per_diem_pairs.valid_to
where
    rule_doubts.doubt = 'denied per diem'
    and not claim_lines.is_allowed
    and (
        (asked_findings.rule = 'injectable_without_infusion_or_nurse' and per_diem_codes.is_infusion)
        or (self_administered_lines.is_insulin and per_diem_codes.family in ('insulin', 'tpn'))
        or (
            asked_findings.provider_id = claim_lines.provider_id
            and case
                when asked_findings.rule = 'iv_solution_with_drug_per_diem' then per_diem_codes.family = 'hydration'
                when products.use = 'heparin'
                then per_diem_codes.family in ('anticoagulant', 'anticoagulant_injection')
                when products.use = 'flush_product' then per_diem_codes.family in ('tpn', 'hydration')
                when per_diem_codes.is_injection then drug_per_diem_pairs.code is not null
                else tpn_code_review_families.code is not null
            end
        )
    )
