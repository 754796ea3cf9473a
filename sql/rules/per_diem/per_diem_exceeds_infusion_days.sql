-- Units are counted in thousandths. What is due (paid x infusion days / units) is rounded half down, so that the rest
-- is half up.
with drug_doses as (
    select
        per_diem_lines.claim_id, per_diem_lines.claim_line_number, drug_lines.claim_line_start_date as infusion_date,
        drug_lines.claim_id as drug_claim_id, drug_lines.claim_line_number as drug_line_number,
        drug_lines.line_order as drug_line_order,
        drug_per_diem_pairs.is_spaced and drug_lines.day_count = 1 as is_single_spaced_dose
    from per_diem_lines
    inner join drug_per_diem_pairs on per_diem_lines.hcpcs_code = drug_per_diem_pairs.per_diem_code
    inner join claim_lines as drug_lines
        on per_diem_lines.member_id = drug_lines.member_id
        and per_diem_lines.provider_id = drug_lines.provider_id
        and drug_per_diem_pairs.code = drug_lines.hcpcs_code
        and drug_lines.claim_line_start_date between drug_per_diem_pairs.valid_from and drug_per_diem_pairs.valid_to
        and per_diem_lines.claim_line_start_date <= drug_lines.claim_line_end_date
        and per_diem_lines.claim_line_end_date >= drug_lines.claim_line_start_date
    left join injectable_drug_codes
        on drug_lines.hcpcs_code = injectable_drug_codes.code
        and drug_lines.claim_line_start_date
        between injectable_drug_codes.valid_from and injectable_drug_codes.valid_to
    where
        per_diem_lines.is_infusion and drug_lines.is_allowed
        and not coalesce(injectable_drug_codes.has_sc, false)
        and not coalesce(injectable_drug_codes.has_sc_infusion, false)
),

spaced_therapies as (
    select
        claim_id, claim_line_number, count(distinct infusion_date) as infusion_days,
        min_by(drug_claim_id, drug_line_order) as drug_claim_id,
        min_by(drug_line_number, drug_line_order) as drug_line_number
    from drug_doses
    group by claim_id, claim_line_number
    having bool_and(is_single_spaced_dose)
),

situations as (
    select
        claim_lines.claim_id, claim_lines.claim_line_number, claim_lines.paid_cents,
        cast(cast(coalesce(claim_lines.service_unit_quantity, 0) as decimal(22, 3)) * 1000 as bigint) as units,
        spaced_therapies.infusion_days, spaced_therapies.drug_claim_id, spaced_therapies.drug_line_number
    from claim_lines
    inner join spaced_therapies
        on claim_lines.claim_id = spaced_therapies.claim_id
        and claim_lines.claim_line_number = spaced_therapies.claim_line_number
)

select
    claim_id, claim_line_number,
    case
        when units <= 0 then 'not_evaluable'
        when units > infusion_days * 1000 then 'review'
        else 'pass'
    end as outcome,
    case when units > infusion_days * 1000 then cast(
        cast(paid_cents - (paid_cents * infusion_days * 2000 + units - 1) // (2 * units) as decimal(20, 0)) * 0.01
        as decimal(18, 2)
    ) else 0 end as amount,
    case
        when units <= 0 then 'service_unit_quantity: missing, or not above zero'
        when units > infusion_days * 1000
        then 'more units than days on which the drug was billed, which is given at long intervals'
        else 'no more units than days on which the drug was billed'
    end as reason,
    drug_claim_id as related_claim_id, drug_line_number as related_claim_line_number
from situations
