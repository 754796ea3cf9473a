-- Claims with at least one line that a rule can use. Whole claims are kept: netting, diagnoses and "same claim"
-- need them.
with coded_claims as (
    select typed_rows.claim_id
    from typed_rows
    inner join audited_codes on typed_rows.hcpcs_code = audited_codes.code
),

unlisted_per_diem_claims as (
    select typed_rows.claim_id
    from typed_rows
    inner join hcpcs_s_ranges
        on typed_rows.hcpcs_code between hcpcs_s_ranges.code_from and hcpcs_s_ranges.code_to
    where typed_rows.hcpcs_code like 'S%'
),

visit_claims as (
    select typed_rows.claim_id
    from typed_rows
    inner join nursing_codes on typed_rows.revenue_center_code = nursing_codes.code
    where typed_rows.hcpcs_code is null and nursing_codes.code_system = 'revenue'
),

stay_claims as (
    select typed_rows.claim_id
    from typed_rows
    inner join bill_type_places on left(typed_rows.bill_type_code, 2) = bill_type_places.bill_type_prefix
    inner join per_diem_members on typed_rows.member_id = per_diem_members.member_id
    where bill_type_places.is_stay
),

drug_claims as (
    select typed_rows.claim_id
    from typed_rows
    inner join per_diem_members on typed_rows.member_id = per_diem_members.member_id
    left join drug_code_ranges
        on typed_rows.hcpcs_code between drug_code_ranges.code_from and drug_code_ranges.code_to
    where drug_code_ranges.code_from is not null or typed_rows.ndc_code is not null
)

select claim_id from coded_claims
union
select claim_id from unlisted_per_diem_claims
union
select claim_id from visit_claims
union
select claim_id from stay_claims
union
select claim_id from drug_claims
