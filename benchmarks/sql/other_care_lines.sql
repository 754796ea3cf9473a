-- Ordinary care, a claim per number of the chunk: what `audit_lib/synthetic/other_care.py` tells row by row.
with versions as (
    select *, 1 as sign, '' as replacement, 0 as days_later from other_care_services
    union all
    select *, -1, '', 7 + claim_number % 34 from other_care_services
    where adjustment < 4 and not is_denied
    union all
    select *, 1, 'R', 7 + claim_number % 34 from other_care_services
    where adjustment between 4 and 9 and not is_denied
),

amounts as (
    select
        *,
        -- For one claim in twenty the deductible took it all.
        case when share < 5 then 0 else drawn_cents end as paid_cents,
        case when share < 5 then drawn_cents else 0 end as deductible_cents,
        case when share between 5 and 19 and code like '992%' and not is_denied then 2500 else 0 end as copayment_cents,
        case when share > 60 then drawn_cents // 8 else 0 end as coinsurance_cents,
        date '2024-10-01' + day_number as first_date
    from versions
)

select
    'C' || lpad(cast(claim_number as varchar), 11, '0') || replacement as claim_id,
    line_number as claim_line_number,
    'M' || lpad(cast(member_number as varchar), 10, '0') as member_id,
    case when bill_type is null then 'professional' else 'institutional' end as claim_type,
    first_date as claim_start_date,
    first_date + later_days as claim_end_date,
    first_date as claim_line_start_date,
    first_date + later_days as claim_line_end_date,
    case when is_stay then first_date end as admission_date,
    case when is_stay then first_date + later_days end as discharge_date,
    first_date + later_days + 14 + cast(claim_number % 43 as integer) + cast(days_later as integer) as paid_date,
    code as hcpcs_code,
    modifier as hcpcs_modifier_1,
    cast(null as varchar) as hcpcs_modifier_2,
    cast(null as varchar) as hcpcs_modifier_3,
    cast(units * sign as decimal(18, 3)) as service_unit_quantity,
    place as place_of_service_code,
    bill_type as bill_type_code,
    revenue as revenue_center_code,
    cast(
        case when is_denied then high_cents * 2 else (drawn_cents + copayment_cents + coinsurance_cents) * 2 end
        * sign * 0.01 as decimal(18, 2)
    ) as charge_amount,
    cast((drawn_cents + copayment_cents + coinsurance_cents) * sign * 0.01 as decimal(18, 2)) as allowed_amount,
    cast(paid_cents * sign * 0.01 as decimal(18, 2)) as paid_amount,
    cast(deductible_cents * sign * 0.01 as decimal(18, 2)) as deductible_amount,
    cast(copayment_cents * sign * 0.01 as decimal(18, 2)) as copayment_amount,
    cast(coinsurance_cents * sign * 0.01 as decimal(18, 2)) as coinsurance_amount,
    cast(0 as decimal(18, 2)) as other_payer_paid_amount,
    '00-' || cast(first_provider + claim_number * 7 % provider_count as varchar) as billing_tin,
    '900' || cast(first_provider + claim_number * 7 % provider_count as varchar) as billing_npi,
    diagnoses[1 + claim_number % len(diagnoses)] as diagnosis_code_1,
    case when len(diagnoses) > 1 then diagnoses[1 + (claim_number + 1) % len(diagnoses)] end as diagnosis_code_2,
    cast(null as varchar) as diagnosis_code_3,
    cast(null as varchar) as diagnosis_code_4,
    ndc as ndc_code,
    case when ndc is not null then cast(1 as decimal(18, 3)) end as ndc_quantity,
    case when ndc is not null then 'UN' end as ndc_unit,
    drug as drug_name,
    case when replacement = 'R' then '7' else '1' end as claim_frequency_code,
    case when replacement = 'R' then 'C' || lpad(cast(claim_number as varchar), 11, '0') end as original_claim_id,
    case when is_denied then 'denied' else 'paid' end as claim_line_status,
    payers.line_of_business,
    payers.funding,
    cast(null as varchar) as authorization_number,
    (['IL', 'MT', 'NM', 'OK', 'TX'])[1 + claim_number * 7 % provider_count % 5] as provider_state,
    'Example Health Plan' as payer,
    (['PPO 500', 'PPO 1500', 'HMO Basic', 'HMO Plus', 'HSA 3000'])[1 + member_number % 5] as plan
from amounts
inner join payers on amounts.payer_ticket = payers.ticket
