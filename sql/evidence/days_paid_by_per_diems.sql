-- Per rule, line and day: that a per diem already pays for what the line bills, as the rules of included items count
-- it, and which per diem. A name with a point is a named selection of that rule or fact.
with own_days as (
    select
        per_diem_overlap_days.*,
        case
            when per_diem_overlap_days.is_context and flush_and_diluent_codes.use = 'flush'
            then 'flush_with_home_infusion'
            when per_diem_overlap_days.is_infusion and iv_solution_codes.code is not null
            then 'iv_solution_with_drug_per_diem'
        end as rule
    from per_diem_overlap_days
    left join flush_and_diluent_codes on per_diem_overlap_days.hcpcs_code = flush_and_diluent_codes.code
    left join iv_solution_codes on per_diem_overlap_days.hcpcs_code = iv_solution_codes.code
    where per_diem_overlap_days.is_same_provider
),

tpn_rules as (
    select 'tpn_base_product' as rule
    union all
    select 'tpn_high_concentration_amino_acid' as rule
)

select
    rule, claim_id, claim_line_number, service_date,
    per_diem_claim_id as proof_claim_id, per_diem_line_number as proof_claim_line_number
from own_days
where rule is not null
union all
select
    tpn_rules.rule, days.claim_id, days.claim_line_number, days.service_date, days.per_diem_claim_id,
    days.per_diem_line_number
from per_diem_overlap_days as days
cross join tpn_rules
where days.is_same_provider and days.family = 'tpn'
union all
select
    'supply_with_per_diem' as rule, claim_id, claim_line_number, service_date, per_diem_claim_id, per_diem_line_number
from supply_coverage.counted_days
union all
select
    'diluent_or_heparin_with_per_diem' as rule, kinds.claim_id, kinds.claim_line_number, kinds.service_date,
    kinds.per_diem_claim_id, kinds.per_diem_line_number
from per_diem_kind_days as kinds
inner join diluent_or_heparin_with_per_diem.candidate_lines as candidate_lines
    on kinds.claim_id = candidate_lines.claim_id
    and kinds.claim_line_number = candidate_lines.claim_line_number
    and kinds.kind = candidate_lines.kind
union all
select
    'bundled_service_with_per_diem' as rule, kinds.claim_id, kinds.claim_line_number, kinds.service_date,
    kinds.per_diem_claim_id, kinds.per_diem_line_number
from per_diem_kind_days as kinds
inner join included_service_codes on kinds.hcpcs_code = included_service_codes.code
where kinds.kind = case when included_service_codes.has_any_provider then 'any' else 'own' end
