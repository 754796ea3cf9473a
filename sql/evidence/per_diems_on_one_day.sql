-- Findings that rest on a per diem being absent on the days of the line (an infusion's for a drug under the skin, the
-- provider's of hydration for a fluid, of the therapy that heparin or a flush may be), where one that bills several
-- units on an earlier day may be a span that takes in these days.
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
where
    rule_doubts.doubt = 'per diem on one day'
    and judged_lines.situation = 'span on first day'
    and (
        (asked_findings.rule = 'injectable_without_infusion_or_nurse' and per_diem_lines.is_infusion)
        or (
            asked_findings.provider_id = judged_lines.provider_id
            and case
                when asked_findings.rule = 'iv_solution_with_drug_per_diem' then per_diem_lines.family = 'hydration'
                when products.use = 'heparin'
                then per_diem_lines.family in ('anticoagulant', 'anticoagulant_injection')
                when products.use = 'flush_product' then per_diem_lines.family in ('tpn', 'hydration')
                else false
            end
        )
    )
