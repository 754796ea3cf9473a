-- Rows of lines that have several: the line's sums, and 1 as choice of the row whose other values stand for it.
with repeated_lines as (
    select
        claim_id,
        claim_line_number,
        count(*) as row_count,
        -- The twin that takes back an unpaid line shows in its charge or its units alone.
        bool_or(
            row_paid_amount < 0 or coalesce(allowed_amount, 0) < 0
            or coalesce(charge_amount, 0) < 0 or coalesce(service_unit_quantity, 0) < 0
        ) as has_negative_row,
        cast(sum(row_paid_amount) as decimal(18, 2)) as paid_amount,
        cast(sum(allowed_amount) as decimal(18, 2)) as allowed_amount,
        cast(sum(charge_amount) as decimal(18, 2)) as charge_amount,
        cast(sum(service_unit_quantity) as decimal(18, 3)) as service_unit_quantity
    from live_rows
    group by claim_id, claim_line_number
    having count(*) > 1
),

-- Paid rows first, then the latest paid date, then the dearer row; the contract's order settles the rest.
ranked_rows as (
    select
        live_rows.claim_id, live_rows.claim_line_number, live_rows.source_file, live_rows.source_row,
        row_number() over (
            partition by live_rows.claim_id, live_rows.claim_line_number
            order by
                case when live_rows.row_paid_amount > 0 then 0 else 1 end,
                live_rows.paid_date desc nulls last,
                live_rows.row_paid_amount desc,
                live_rows.allowed_amount desc nulls last,
                live_rows.service_unit_quantity desc nulls last,
                live_rows.member_id nulls last, live_rows.claim_line_start_date nulls last,
                live_rows.claim_line_end_date nulls last, live_rows.hcpcs_code nulls last,
                live_rows.billing_tin nulls last, live_rows.billing_npi nulls last,
                live_rows.claim_type nulls last, live_rows.place_of_service_code nulls last,
                live_rows.bill_type_code nulls last, live_rows.revenue_center_code nulls last,
                live_rows.hcpcs_modifier_1 nulls last, live_rows.hcpcs_modifier_2 nulls last,
                live_rows.hcpcs_modifier_3 nulls last, live_rows.hcpcs_modifier_4 nulls last,
                live_rows.hcpcs_modifier_5 nulls last, live_rows.claim_start_date nulls last,
                live_rows.claim_end_date nulls last, live_rows.admission_date nulls last,
                live_rows.discharge_date nulls last, live_rows.rendering_npi nulls last,
                live_rows.facility_npi nulls last, live_rows.diagnosis_code_1 nulls last,
                live_rows.diagnosis_code_2 nulls last, live_rows.diagnosis_code_3 nulls last,
                live_rows.diagnosis_code_4 nulls last, live_rows.diagnosis_code_5 nulls last,
                live_rows.diagnosis_code_6 nulls last, live_rows.diagnosis_code_7 nulls last,
                live_rows.diagnosis_code_8 nulls last, live_rows.diagnosis_code_9 nulls last,
                live_rows.diagnosis_code_10 nulls last, live_rows.diagnosis_code_11 nulls last,
                live_rows.diagnosis_code_12 nulls last, live_rows.diagnosis_code_13 nulls last,
                live_rows.diagnosis_code_14 nulls last, live_rows.diagnosis_code_15 nulls last,
                live_rows.diagnosis_code_16 nulls last, live_rows.diagnosis_code_17 nulls last,
                live_rows.diagnosis_code_18 nulls last, live_rows.diagnosis_code_19 nulls last,
                live_rows.diagnosis_code_20 nulls last, live_rows.diagnosis_code_21 nulls last,
                live_rows.diagnosis_code_22 nulls last, live_rows.diagnosis_code_23 nulls last,
                live_rows.diagnosis_code_24 nulls last, live_rows.diagnosis_code_25 nulls last,
                live_rows.payer nulls last, live_rows.plan nulls last, live_rows.data_source nulls last,
                live_rows.ndc_code nulls last, live_rows.ndc_quantity nulls last,
                live_rows.ndc_unit nulls last, live_rows.drug_name nulls last,
                live_rows.claim_frequency_code nulls last, live_rows.original_claim_id nulls last,
                live_rows.claim_line_status nulls last, live_rows.line_of_business nulls last,
                live_rows.funding nulls last, live_rows.other_payer_paid_amount nulls last,
                live_rows.coinsurance_amount nulls last, live_rows.copayment_amount nulls last,
                live_rows.deductible_amount nulls last, live_rows.authorization_number nulls last,
                live_rows.provider_state nulls last, live_rows.charge_amount nulls last,
                live_rows.source_file, live_rows.source_row
        ) as choice
    from live_rows
    inner join repeated_lines
        on live_rows.claim_id = repeated_lines.claim_id
        and live_rows.claim_line_number = repeated_lines.claim_line_number
)

select
    ranked_rows.source_file, ranked_rows.source_row, ranked_rows.choice, repeated_lines.*
from ranked_rows
inner join repeated_lines
    on ranked_rows.claim_id = repeated_lines.claim_id
    and ranked_rows.claim_line_number = repeated_lines.claim_line_number
