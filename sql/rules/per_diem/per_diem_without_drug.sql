with considered_lines as (
    select
        claim_lines.claim_id, claim_lines.claim_line_number, claim_lines.member_id, claim_lines.provider_id,
        claim_lines.hcpcs_code, claim_lines.claim_line_start_date, claim_lines.claim_line_end_date,
        claim_lines.paid_cents,
        per_diem_lines.family = 'infusion_noc' as fits_every_drug
    from per_diem_lines
    inner join claim_lines
        on per_diem_lines.claim_id = claim_lines.claim_id
        and per_diem_lines.claim_line_number = claim_lines.claim_line_number
    where per_diem_lines.is_infusion and per_diem_lines.family not in ('tpn', 'pain_implanted_pump')
),

-- A drug meets a per diem on its days, the day before or the day after.
meetings as (
    select
        considered_lines.claim_id, considered_lines.claim_line_number,
        drug_lines.claim_id as drug_claim_id, drug_lines.claim_line_number as drug_line_number,
        drug_lines.line_order as drug_line_order,
        considered_lines.claim_id = drug_lines.claim_id as is_same_claim,
        considered_lines.provider_id = drug_lines.provider_id as is_same_provider,
        considered_lines.fits_every_drug or drug_lines.fits_every_per_diem
        or drug_per_diem_pairs.code is not null as is_fitting,
        drug_per_diem_pairs.code is not null as is_of_therapy
    from considered_lines
    inner join drug_lines
        on considered_lines.member_id = drug_lines.member_id
        and date_diff('day', considered_lines.claim_line_start_date, drug_lines.claim_line_end_date) >= -1
        and date_diff('day', drug_lines.claim_line_start_date, considered_lines.claim_line_end_date) >= -1
    left join drug_per_diem_pairs
        on drug_lines.hcpcs_code = drug_per_diem_pairs.code
        and considered_lines.hcpcs_code = drug_per_diem_pairs.per_diem_code
        and drug_lines.claim_line_start_date between drug_per_diem_pairs.valid_from and drug_per_diem_pairs.valid_to
),

situations as (
    select
        *,
        case
            when is_same_claim and is_fitting then 1
            when is_same_claim then 2
            when is_same_provider then 3
            when is_of_therapy then 4
            when is_fitting then 5
        end as situation
    from meetings
),

best_meetings as (
    select
        claim_id, claim_line_number, situation, drug_claim_id, drug_line_number,
        row_number() over (partition by claim_id, claim_line_number order by situation, drug_line_order) as place
    from situations
    where situation is not null
)

select
    considered_lines.claim_id, considered_lines.claim_line_number,
    case
        when best_meetings.situation = 1 then 'pass'
        when best_meetings.situation is null then 'overpayment'
        else 'review'
    end as outcome,
    case
        when best_meetings.situation in (1, 3) then 0
        else cast(considered_lines.paid_cents * 0.01 as decimal(18, 2))
    end as amount,
    case
        when best_meetings.situation = 1 then 'a drug is billed on the claim'
        when best_meetings.situation = 2 then 'the drugs on the claim around these days belong to other therapies'
        when best_meetings.situation = 3 then 'a drug is billed by the provider on another claim'
        when best_meetings.situation = 4 then 'a drug of this therapy is billed by another provider only'
        when best_meetings.situation = 5
        then 'a drug of which the lists do not tell whether it fits is billed by another provider only'
        else 'no drug that a code or NDC names and that fits is billed on these days'
    end as reason,
    best_meetings.drug_claim_id as related_claim_id, best_meetings.drug_line_number as related_claim_line_number
from considered_lines
left join best_meetings
    on considered_lines.claim_id = best_meetings.claim_id
    and considered_lines.claim_line_number = best_meetings.claim_line_number
    and best_meetings.place = 1
