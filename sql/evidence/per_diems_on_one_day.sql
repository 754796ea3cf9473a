-- Findings that rest on a per diem being absent on the days of the line (an infusion's for a drug under the skin, the
-- provider's of hydration for a fluid, of the therapy that heparin, a flush or an electrolyte beside nutrition may be,
-- that of insulin or nutrition for insulin, that of an injected drug), where one that bills several units on an earlier
-- day may be a span that takes in these days.
select distinct asked_findings.finding_id, 'per diem on one day' as doubt, cast(null as varchar) as detail
from asked_findings
inner join rule_doubts on asked_findings.rule = rule_doubts.rule
inner join per_diem_units_exceed_days.situations as judged_lines
    on asked_findings.member_id = judged_lines.member_id
    and date_diff('day', judged_lines.claim_line_start_date, asked_findings.claim_line_end_date) >= 1
    and date_diff('day', judged_lines.claim_line_start_date, asked_findings.claim_line_start_date)
    < judged_lines.units // 1000
inner join per_diem_lines
    on judged_lines.claim_id = per_diem_lines.claim_id
    and judged_lines.claim_line_number = per_diem_lines.claim_line_number
left join diluent_or_heparin_with_per_diem.situations as products
    on asked_findings.claim_id = products.claim_id
    and asked_findings.claim_line_number = products.claim_line_number
    and asked_findings.rule = 'diluent_or_heparin_with_per_diem'
inner join per_diem_codes
    on per_diem_lines.hcpcs_code = per_diem_codes.code
    and per_diem_lines.claim_line_start_date between per_diem_codes.valid_from and per_diem_codes.valid_to
left join tpn_code_review_families
    on asked_findings.hcpcs_code = tpn_code_review_families.code
    and per_diem_lines.family = tpn_code_review_families.family
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
    rule_doubts.doubt = 'per diem on one day'
    and judged_lines.situation = 'span on first day'
    and (
        (asked_findings.rule = 'injectable_without_infusion_or_nurse' and per_diem_lines.is_infusion)
        or (self_administered_lines.is_insulin and per_diem_lines.family in ('insulin', 'tpn'))
        or (
            asked_findings.provider_id = judged_lines.provider_id
            and case
                when asked_findings.rule = 'iv_solution_with_drug_per_diem' then per_diem_lines.family = 'hydration'
                when products.use = 'heparin'
                then per_diem_lines.family in ('anticoagulant', 'anticoagulant_injection')
                when products.use = 'flush_product' then per_diem_lines.family in ('tpn', 'hydration')
                when per_diem_codes.is_injection then drug_per_diem_pairs.code is not null
                else tpn_code_review_families.code is not null
            end
        )
    )
