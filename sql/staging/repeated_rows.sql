-- Rows of lines that have several: the line's sums, and 1 as choice of the row whose other values stand for it: the
-- first by payment and date; where several are, the contract's order of all other values settles it.
with tied_lines as (
    select claim_id, claim_line_number
    from repeated_places
    where place = 1
    group by claim_id, claim_line_number
    having count(*) > 1
),

tied_claims as (
    select distinct claim_id from tied_lines
),

-- Joined by claim alone, so that the scan leaves out the other claims' rows before it reads their values.
candidate_rows as (
    select typed_rows.*
    from typed_rows
    inner join tied_claims on typed_rows.claim_id = tied_claims.claim_id
),

tied_rows as (
    select
        repeated_places.source_file, repeated_places.source_row,
        row_number() over (
            partition by repeated_places.claim_id, repeated_places.claim_line_number
            order by
                candidate_rows.claim_line_end_date nulls last, candidate_rows.hcpcs_code nulls last,
                candidate_rows.billing_tin nulls last, candidate_rows.billing_npi nulls last,
                candidate_rows.claim_type nulls last, candidate_rows.place_of_service_code nulls last,
                candidate_rows.bill_type_code nulls last, candidate_rows.revenue_center_code nulls last,
                candidate_rows.hcpcs_modifier_1 nulls last, candidate_rows.hcpcs_modifier_2 nulls last,
                candidate_rows.hcpcs_modifier_3 nulls last, candidate_rows.hcpcs_modifier_4 nulls last,
                candidate_rows.hcpcs_modifier_5 nulls last, candidate_rows.claim_start_date nulls last,
                candidate_rows.claim_end_date nulls last, candidate_rows.admission_date nulls last,
                candidate_rows.discharge_date nulls last, candidate_rows.rendering_npi nulls last,
                candidate_rows.facility_npi nulls last, candidate_rows.diagnosis_code_1 nulls last,
                candidate_rows.diagnosis_code_2 nulls last, candidate_rows.diagnosis_code_3 nulls last,
                candidate_rows.diagnosis_code_4 nulls last, candidate_rows.diagnosis_code_5 nulls last,
                candidate_rows.diagnosis_code_6 nulls last, candidate_rows.diagnosis_code_7 nulls last,
                candidate_rows.diagnosis_code_8 nulls last, candidate_rows.diagnosis_code_9 nulls last,
                candidate_rows.diagnosis_code_10 nulls last, candidate_rows.diagnosis_code_11 nulls last,
                candidate_rows.diagnosis_code_12 nulls last, candidate_rows.diagnosis_code_13 nulls last,
                candidate_rows.diagnosis_code_14 nulls last, candidate_rows.diagnosis_code_15 nulls last,
                candidate_rows.diagnosis_code_16 nulls last, candidate_rows.diagnosis_code_17 nulls last,
                candidate_rows.diagnosis_code_18 nulls last, candidate_rows.diagnosis_code_19 nulls last,
                candidate_rows.diagnosis_code_20 nulls last, candidate_rows.diagnosis_code_21 nulls last,
                candidate_rows.diagnosis_code_22 nulls last, candidate_rows.diagnosis_code_23 nulls last,
                candidate_rows.diagnosis_code_24 nulls last, candidate_rows.diagnosis_code_25 nulls last,
                candidate_rows.payer nulls last, candidate_rows.plan nulls last, candidate_rows.data_source nulls last,
                candidate_rows.ndc_code nulls last, candidate_rows.ndc_quantity nulls last,
                candidate_rows.ndc_unit nulls last, candidate_rows.drug_name nulls last,
                candidate_rows.claim_frequency_code nulls last, candidate_rows.original_claim_id nulls last,
                candidate_rows.claim_line_status nulls last, candidate_rows.line_of_business nulls last,
                candidate_rows.funding nulls last, candidate_rows.other_payer_paid_amount nulls last,
                candidate_rows.coinsurance_amount nulls last, candidate_rows.copayment_amount nulls last,
                candidate_rows.deductible_amount nulls last, candidate_rows.authorization_number nulls last,
                candidate_rows.provider_state nulls last, candidate_rows.is_date_from_claim nulls last,
                candidate_rows.charge_amount nulls last,
                candidate_rows.source_file, candidate_rows.source_row
        ) as choice
    from repeated_places
    inner join tied_lines
        on repeated_places.claim_id = tied_lines.claim_id
        and repeated_places.claim_line_number = tied_lines.claim_line_number
    inner join candidate_rows
        on repeated_places.claim_id = candidate_rows.claim_id
        and repeated_places.source_file = candidate_rows.source_file
        and repeated_places.source_row = candidate_rows.source_row
    where repeated_places.place = 1
)

select
    repeated_places.source_file, repeated_places.source_row,
    case when repeated_places.place = 1 then coalesce(tied_rows.choice, 1) else repeated_places.place end as choice,
    repeated_lines.*
from repeated_places
inner join repeated_lines
    on repeated_places.claim_id = repeated_lines.claim_id
    and repeated_places.claim_line_number = repeated_lines.claim_line_number
left join tied_rows
    on repeated_places.source_file = tied_rows.source_file and repeated_places.source_row = tied_rows.source_row
