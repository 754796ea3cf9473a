-- Lines, paid or denied, that show that a drug was billed for a member with a per diem: by a drug's code, or by a
-- National Drug Code. Flushes, and drugs taken by mouth, breathed in, put on the skin or into a joint, show none.
-- A drug that no per diem is known for fits every per diem.
with per_diem_members as (
    select distinct member_id from per_diem_lines
),

member_lines as (
    select claim_lines.*
    from claim_lines
    inner join per_diem_members on claim_lines.member_id = per_diem_members.member_id
),

paired_lines as (
    select
        member_lines.claim_id, member_lines.claim_line_number,
        bool_or(drug_per_diem_pairs.per_diem_code = 'ANY') as has_any
    from member_lines
    inner join drug_per_diem_pairs
        on member_lines.hcpcs_code = drug_per_diem_pairs.code
        and member_lines.claim_line_start_date between drug_per_diem_pairs.valid_from and drug_per_diem_pairs.valid_to
    group by member_lines.claim_id, member_lines.claim_line_number
),

evident_lines as (
    select claim_id, claim_line_number from paired_lines
    union
    select member_lines.claim_id, member_lines.claim_line_number
    from member_lines
    inner join drug_code_ranges
        on member_lines.hcpcs_code between drug_code_ranges.code_from and drug_code_ranges.code_to
        and member_lines.claim_line_start_date between drug_code_ranges.valid_from and drug_code_ranges.valid_to
    union
    select member_lines.claim_id, member_lines.claim_line_number
    from member_lines
    left join per_diem_codes on member_lines.hcpcs_code = per_diem_codes.code
    where
        regexp_matches(member_lines.ndc_code, '^[0-9]{10,11}$')
        and not regexp_matches(member_lines.ndc_code, '^(0+|9+)$')
        and per_diem_codes.code is null
),

excluded_lines as (
    select claim_id, claim_line_number from flush_product_lines
    union
    select member_lines.claim_id, member_lines.claim_line_number
    from member_lines
    inner join flush_and_diluent_codes
        on member_lines.hcpcs_code = flush_and_diluent_codes.code
        and member_lines.claim_line_start_date
        between flush_and_diluent_codes.valid_from and flush_and_diluent_codes.valid_to
    where not flush_and_diluent_codes.is_drug_evidence
    union
    select member_lines.claim_id, member_lines.claim_line_number
    from member_lines
    inner join route_exclusion_codes
        on member_lines.hcpcs_code = route_exclusion_codes.code
        and member_lines.claim_line_start_date
        between route_exclusion_codes.valid_from and route_exclusion_codes.valid_to
    where route_exclusion_codes.route in ('oral', 'inhaled', 'topical', 'osteoarthritis')
)

select
    member_lines.claim_id, member_lines.claim_line_number, member_lines.member_id, member_lines.provider_id,
    member_lines.hcpcs_code, member_lines.claim_line_start_date, member_lines.claim_line_end_date,
    member_lines.line_order,
    paired_lines.claim_id is null or paired_lines.has_any
    or coalesce(unclassified_drug_codes.pairs_with_everything, false) as fits_every_per_diem
from member_lines
inner join evident_lines
    on member_lines.claim_id = evident_lines.claim_id
    and member_lines.claim_line_number = evident_lines.claim_line_number
left join excluded_lines
    on member_lines.claim_id = excluded_lines.claim_id
    and member_lines.claim_line_number = excluded_lines.claim_line_number
left join paired_lines
    on member_lines.claim_id = paired_lines.claim_id
    and member_lines.claim_line_number = paired_lines.claim_line_number
left join unclassified_drug_codes
    on member_lines.hcpcs_code = unclassified_drug_codes.code
    and member_lines.claim_line_start_date
    between unclassified_drug_codes.valid_from and unclassified_drug_codes.valid_to
where excluded_lines.claim_id is null
