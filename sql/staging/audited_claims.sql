-- Claims with at least one line that a rule can use, in one pass over the rows. Whole claims are kept: netting,
-- diagnoses and "same claim" need them.
with used_revenue_codes as (
    select distinct code, true as is_visit from nursing_codes
    where code_system = 'revenue'
    union all
    select distinct code, false from room_revenue_codes
),

stay_bill_types as (
    select distinct bill_type_prefix from bill_type_places
    where is_stay
)

select distinct typed_rows.claim_id
from typed_rows
left join billed_codes on typed_rows.hcpcs_code = billed_codes.code
left join used_revenue_codes on typed_rows.revenue_center_code = used_revenue_codes.code
left join stay_bill_types on left(typed_rows.bill_type_code, 2) = stay_bill_types.bill_type_prefix
left join per_diem_members on typed_rows.member_id = per_diem_members.member_id
where
    billed_codes.is_audited
    or (typed_rows.hcpcs_code is null and used_revenue_codes.is_visit)
    or (
        per_diem_members.member_id is not null
        and (
            stay_bill_types.bill_type_prefix is not null or billed_codes.is_drug or typed_rows.ndc_code is not null
            or billed_codes.is_staff_service or billed_codes.is_more_than_a_code or used_revenue_codes.is_visit
            or (
                typed_rows.bill_type_code is null
                and (
                    used_revenue_codes.code is not null
                    or (typed_rows.claim_type = 'institutional' and typed_rows.admission_date is not null)
                )
            )
        )
    )
