-- Per finding that rests on a per diem being absent each code that would have spared it, and whether whoever may have
-- billed it: an infusion's for a drug under the skin, hydration for a fluid, the therapy that heparin, a flush or an
-- electrolyte beside nutrition may be, insulin or nutrition for insulin, the per diem of an injected drug.
with sparing_codes as (
    select
        asked_findings.finding_id, asked_findings.rule, asked_findings.member_id, asked_findings.provider_id,
        asked_findings.claim_line_start_date, asked_findings.claim_line_end_date,
        per_diem_codes.code, per_diem_codes.valid_from, per_diem_codes.valid_to,
        (asked_findings.rule = 'injectable_without_infusion_or_nurse' and per_diem_codes.is_infusion)
        or (coalesce(self_administered_lines.is_insulin, false) and per_diem_codes.family in ('insulin', 'tpn'))
            as is_of_any_provider,
        case
            when asked_findings.rule = 'iv_solution_with_drug_per_diem' then per_diem_codes.family = 'hydration'
            when products.use = 'heparin' then per_diem_codes.family in ('anticoagulant', 'anticoagulant_injection')
            when products.use = 'flush_product' then per_diem_codes.family in ('tpn', 'hydration')
            when per_diem_codes.is_injection then drug_per_diem_pairs.code is not null
            else tpn_code_review_families.code is not null
        end as is_of_the_provider
    from asked_findings
    cross join per_diem_codes
    left join diluent_or_heparin_with_per_diem.situations as products
        on asked_findings.claim_id = products.claim_id
        and asked_findings.claim_line_number = products.claim_line_number
        and asked_findings.rule = 'diluent_or_heparin_with_per_diem'
    left join self_administered_lines
        on asked_findings.claim_id = self_administered_lines.claim_id
        and asked_findings.claim_line_number = self_administered_lines.claim_line_number
        and asked_findings.rule = 'self_administered_drug'
    left join drug_per_diem_pairs
        on self_administered_lines.hcpcs_code = drug_per_diem_pairs.code
        and per_diem_codes.code = drug_per_diem_pairs.per_diem_code
        and asked_findings.claim_line_start_date
        between drug_per_diem_pairs.valid_from and drug_per_diem_pairs.valid_to
    left join tpn_code_review_families
        on asked_findings.hcpcs_code = tpn_code_review_families.code
        and per_diem_codes.family = tpn_code_review_families.family
        and asked_findings.claim_line_start_date
        between tpn_code_review_families.valid_from and tpn_code_review_families.valid_to
        and asked_findings.rule = 'tpn_base_product'
    where
        asked_findings.rule in (
            'iv_solution_with_drug_per_diem', 'diluent_or_heparin_with_per_diem', 'tpn_base_product',
            'self_administered_drug', 'injectable_without_infusion_or_nurse'
        )
)

select * from sparing_codes
where is_of_any_provider or is_of_the_provider
