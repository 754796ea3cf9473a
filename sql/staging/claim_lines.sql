-- Large: one row per claim line after final action, with what every rule asks of a line.
select
    lines.claim_id, lines.claim_line_number, lines.member_id,
    coalesce(lines.known_provider_id, 'claim ' || lines.claim_id) as provider_id,
    lines.known_provider_id is not null as has_provider,
    lines.known_claim_type as claim_type,
    lines.claim_line_start_date,
    lines.through_date as claim_line_end_date,
    date_diff('day', lines.claim_line_start_date, lines.through_date) + 1 as day_count,
    lines.hcpcs_code,
    lines.line_unit_quantity as service_unit_quantity,
    lines.line_paid_amount as paid_amount,
    lines.line_allowed_amount as allowed_amount,
    lines.line_charge_amount as charge_amount,
    cast(cast(greatest(lines.line_paid_amount, 0) as decimal(22, 2)) * 100 as bigint) as paid_cents,
    lines.place_of_service_code,
    lines.place_code,
    case when lines.place_code is null then 'missing' else coalesce(place_of_service_codes.setting, 'other') end
        as place_setting,
    lines.place_code is not null and coalesce(place_of_service_codes.setting, 'other') not in ('home', 'suite')
        as is_away_from_home,
    lines.bill_type_code,
    claims_totals.has_bill_types,
    lines.revenue_center_code,
    concat_ws(
        ',', lines.hcpcs_modifier_1, lines.hcpcs_modifier_2, lines.hcpcs_modifier_3,
        lines.hcpcs_modifier_4, lines.hcpcs_modifier_5
    ) as modifiers,
    concat_ws(
        ',', lines.diagnosis_code_1, lines.diagnosis_code_2, lines.diagnosis_code_3, lines.diagnosis_code_4,
        lines.diagnosis_code_5, lines.diagnosis_code_6, lines.diagnosis_code_7, lines.diagnosis_code_8,
        lines.diagnosis_code_9, lines.diagnosis_code_10, lines.diagnosis_code_11, lines.diagnosis_code_12,
        lines.diagnosis_code_13, lines.diagnosis_code_14, lines.diagnosis_code_15, lines.diagnosis_code_16,
        lines.diagnosis_code_17, lines.diagnosis_code_18, lines.diagnosis_code_19, lines.diagnosis_code_20,
        lines.diagnosis_code_21, lines.diagnosis_code_22, lines.diagnosis_code_23, lines.diagnosis_code_24,
        lines.diagnosis_code_25
    ) as diagnosis_codes,
    lines.ndc_code, lines.ndc_quantity, lines.ndc_unit,
    coalesce(lines.drug_name, ndc_drug_names.drug_name) as drug_name,
    case
        when lines.drug_name is not null then 'claim'
        when ndc_drug_names.drug_name is not null then 'ndc_directory'
    end as drug_name_source,
    lines.paid_date, lines.claim_start_date, lines.claim_end_date, lines.admission_date, lines.discharge_date,
    lines.line_of_business, lines.known_funding as funding, lines.other_payer_paid_amount,
    lines.coinsurance_amount, lines.copayment_amount, lines.deductible_amount,
    lines.authorization_number, lines.provider_state, lines.payer, lines.plan, lines.data_source,
    lines.billing_tin, lines.billing_npi, lines.claim_line_status, lines.claim_frequency_code, lines.frequency_code,
    lines.row_count, lines.original_claim_id, unmet_originals.claim_id is not null as has_unmet_original,
    lines_of_unlike_rows.claim_id is not null as has_several_services,
    coalesce(lines.is_date_from_claim, false) as is_date_from_claim,
    coalesce(lines.claim_line_end_date >= lines.claim_line_start_date, false) as has_through_date,
    lines.is_status_denied
    or (
        lines.line_paid_amount = 0 and coalesce(lines.line_allowed_amount, 0) = 0
        and coalesce(lines.claim_line_status, '') <> 'pended'
    ) as is_denied,
    not lines.is_status_denied
    and case
        when coalesce(lines.line_allowed_amount, 0) = 0 then lines.line_paid_amount > 0
        else lines.line_allowed_amount > 0
    end as is_allowed,
    lines.is_government, lines.is_applicable,
    not lines.is_government and coalesce(lines.is_applicable, false) as is_in_scope,
    lines.is_in_period,
    coalesce(lines.known_funding, 'insured') <> 'insured' as is_self_funded,
    coalesce(lines.other_payer_paid_amount, 0) > 0 as has_other_payer,
    lines.line_order, lines.source_file, lines.source_row
from completed_rows as lines
cross join claims_totals
left join unmet_originals on lines.claim_id = unmet_originals.claim_id
left join lines_of_unlike_rows
    on lines.claim_id = lines_of_unlike_rows.claim_id
    and lines.claim_line_number = lines_of_unlike_rows.claim_line_number
left join place_of_service_codes
    on lines.place_code = place_of_service_codes.code
    and lines.claim_line_start_date between place_of_service_codes.valid_from and place_of_service_codes.valid_to
left join ndc_drug_names on lines.drug_name is null and lines.ndc_code = ndc_drug_names.ndc_code
