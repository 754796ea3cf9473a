-- View: one row per claim line: a line's rows summed, its other values from the row that was paid last.
with netted_rows as (
    select
        live_rows.*,
        coalesce(repeated_rows.row_count, 1) as row_count,
        case when repeated_rows.claim_id is null then live_rows.row_paid_amount else repeated_rows.paid_amount end
            as line_paid_amount,
        case when repeated_rows.claim_id is null then live_rows.allowed_amount else repeated_rows.allowed_amount end
            as line_allowed_amount,
        case when repeated_rows.claim_id is null then live_rows.charge_amount else repeated_rows.charge_amount end
            as line_charge_amount,
        case
            when repeated_rows.claim_id is null then live_rows.service_unit_quantity
            else repeated_rows.service_unit_quantity
        end as line_unit_quantity,
        coalesce(
            repeated_rows.has_negative_row,
            live_rows.row_paid_amount < 0 or coalesce(live_rows.allowed_amount, 0) < 0
            or coalesce(live_rows.charge_amount, 0) < 0 or coalesce(live_rows.service_unit_quantity, 0) < 0
        ) as has_negative_row
    from live_rows
    left join repeated_rows
        on live_rows.claim_id = repeated_rows.claim_id
        and live_rows.claim_line_number = repeated_rows.claim_line_number
        and live_rows.source_file = repeated_rows.source_file
        and live_rows.source_row = repeated_rows.source_row
    where coalesce(repeated_rows.choice, 1) = 1
)

select
    netted_rows.row_count,
    netted_rows.has_negative_row
    and netted_rows.line_paid_amount <= 0 and coalesce(netted_rows.line_allowed_amount, 0) <= 0 as is_void,
    netted_rows.claim_id, netted_rows.claim_line_number, netted_rows.line_paid_amount as paid_amount,
    netted_rows.line_allowed_amount as allowed_amount, netted_rows.line_charge_amount as charge_amount,
    netted_rows.line_unit_quantity as service_unit_quantity,
    netted_rows.member_id, netted_rows.claim_line_start_date, netted_rows.claim_line_end_date,
    netted_rows.hcpcs_code, netted_rows.billing_tin, netted_rows.billing_npi, netted_rows.claim_type,
    netted_rows.place_of_service_code, netted_rows.bill_type_code, netted_rows.revenue_center_code,
    netted_rows.hcpcs_modifier_1, netted_rows.hcpcs_modifier_2, netted_rows.hcpcs_modifier_3,
    netted_rows.hcpcs_modifier_4, netted_rows.hcpcs_modifier_5, netted_rows.paid_date,
    netted_rows.claim_start_date, netted_rows.claim_end_date, netted_rows.admission_date,
    netted_rows.discharge_date, netted_rows.rendering_npi, netted_rows.facility_npi,
    netted_rows.diagnosis_code_1, netted_rows.diagnosis_code_2, netted_rows.diagnosis_code_3,
    netted_rows.diagnosis_code_4, netted_rows.diagnosis_code_5, netted_rows.diagnosis_code_6,
    netted_rows.diagnosis_code_7, netted_rows.diagnosis_code_8, netted_rows.diagnosis_code_9,
    netted_rows.diagnosis_code_10, netted_rows.diagnosis_code_11, netted_rows.diagnosis_code_12,
    netted_rows.diagnosis_code_13, netted_rows.diagnosis_code_14, netted_rows.diagnosis_code_15,
    netted_rows.diagnosis_code_16, netted_rows.diagnosis_code_17, netted_rows.diagnosis_code_18,
    netted_rows.diagnosis_code_19, netted_rows.diagnosis_code_20, netted_rows.diagnosis_code_21,
    netted_rows.diagnosis_code_22, netted_rows.diagnosis_code_23, netted_rows.diagnosis_code_24,
    netted_rows.diagnosis_code_25, netted_rows.payer, netted_rows.plan, netted_rows.data_source,
    netted_rows.ndc_code, netted_rows.ndc_quantity, netted_rows.ndc_unit, netted_rows.drug_name,
    netted_rows.claim_frequency_code, netted_rows.original_claim_id, netted_rows.claim_line_status,
    netted_rows.line_of_business, netted_rows.funding, netted_rows.other_payer_paid_amount,
    netted_rows.coinsurance_amount, netted_rows.copayment_amount, netted_rows.deductible_amount,
    netted_rows.authorization_number, netted_rows.provider_state, netted_rows.source_file,
    netted_rows.source_row
from netted_rows
