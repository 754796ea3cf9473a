-- One row per claim line: a line's rows summed, its other values from the row that was paid last.
with live_rows as (
    select audited_rows.*, coalesce(audited_rows.paid_amount, 0) as row_paid_amount
    from audited_rows
    left join superseded_claims on audited_rows.claim_id = superseded_claims.claim_id
    where superseded_claims.claim_id is null
),

line_sums as (
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
),

single_rows as (
    select live_rows.*, 1 as choice
    from live_rows
    inner join line_sums
        on live_rows.claim_id = line_sums.claim_id and live_rows.claim_line_number = line_sums.claim_line_number
    where line_sums.row_count = 1
),

-- Paid rows first, then the latest paid date, then the dearer row; the contract's order settles the rest.
ranked_rows as (
    select
        live_rows.*,
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
    inner join line_sums
        on live_rows.claim_id = line_sums.claim_id and live_rows.claim_line_number = line_sums.claim_line_number
    where line_sums.row_count > 1
),

chosen_rows as (
    select * from single_rows
    union all
    select * from ranked_rows
    where choice = 1
)

select
    line_sums.row_count,
    line_sums.has_negative_row and line_sums.paid_amount <= 0 and coalesce(line_sums.allowed_amount, 0) <= 0 as is_void,
    line_sums.claim_id, line_sums.claim_line_number, line_sums.paid_amount, line_sums.allowed_amount,
    line_sums.charge_amount, line_sums.service_unit_quantity,
    chosen_rows.member_id, chosen_rows.claim_line_start_date, chosen_rows.claim_line_end_date,
    chosen_rows.hcpcs_code, chosen_rows.billing_tin, chosen_rows.billing_npi, chosen_rows.claim_type,
    chosen_rows.place_of_service_code, chosen_rows.bill_type_code, chosen_rows.revenue_center_code,
    chosen_rows.hcpcs_modifier_1, chosen_rows.hcpcs_modifier_2, chosen_rows.hcpcs_modifier_3,
    chosen_rows.hcpcs_modifier_4, chosen_rows.hcpcs_modifier_5, chosen_rows.paid_date,
    chosen_rows.claim_start_date, chosen_rows.claim_end_date, chosen_rows.admission_date,
    chosen_rows.discharge_date, chosen_rows.rendering_npi, chosen_rows.facility_npi,
    chosen_rows.diagnosis_code_1, chosen_rows.diagnosis_code_2, chosen_rows.diagnosis_code_3,
    chosen_rows.diagnosis_code_4, chosen_rows.diagnosis_code_5, chosen_rows.diagnosis_code_6,
    chosen_rows.diagnosis_code_7, chosen_rows.diagnosis_code_8, chosen_rows.diagnosis_code_9,
    chosen_rows.diagnosis_code_10, chosen_rows.diagnosis_code_11, chosen_rows.diagnosis_code_12,
    chosen_rows.diagnosis_code_13, chosen_rows.diagnosis_code_14, chosen_rows.diagnosis_code_15,
    chosen_rows.diagnosis_code_16, chosen_rows.diagnosis_code_17, chosen_rows.diagnosis_code_18,
    chosen_rows.diagnosis_code_19, chosen_rows.diagnosis_code_20, chosen_rows.diagnosis_code_21,
    chosen_rows.diagnosis_code_22, chosen_rows.diagnosis_code_23, chosen_rows.diagnosis_code_24,
    chosen_rows.diagnosis_code_25, chosen_rows.payer, chosen_rows.plan, chosen_rows.data_source,
    chosen_rows.ndc_code, chosen_rows.ndc_quantity, chosen_rows.ndc_unit, chosen_rows.drug_name,
    chosen_rows.claim_frequency_code, chosen_rows.original_claim_id, chosen_rows.claim_line_status,
    chosen_rows.line_of_business, chosen_rows.funding, chosen_rows.other_payer_paid_amount,
    chosen_rows.coinsurance_amount, chosen_rows.copayment_amount, chosen_rows.deductible_amount,
    chosen_rows.authorization_number, chosen_rows.provider_state, chosen_rows.source_file,
    chosen_rows.source_row
from line_sums
inner join chosen_rows
    on line_sums.claim_id = chosen_rows.claim_id and line_sums.claim_line_number = chosen_rows.claim_line_number
