with listed_lines as (
    select distinct claim_lines.claim_id, claim_lines.claim_line_number
    from claim_lines
    inner join supply_code_per_diems
        on claim_lines.hcpcs_code = supply_code_per_diems.code
        and claim_lines.claim_line_start_date
        between supply_code_per_diems.valid_from and supply_code_per_diems.valid_to
    where supply_code_per_diems.relation = 'with'
),

situations as (
    select
        claim_lines.claim_id, claim_lines.claim_line_number, claim_lines.paid_cents, claim_lines.day_count,
        claim_lines.place_setting, supply_codes.tier, supply_coverage.covered_days,
        supply_coverage.per_diem_claim_id, supply_coverage.per_diem_line_number, supply_coverage.is_only_implanted_pump,
        coalesce(member_owned_lines.has_repair_modifier, false)
        or (supply_codes.is_pump and member_owned_lines.claim_id is not null) as is_member_owned,
        case
            when supply_codes.tier = 'EXEMPT' then 'member battery'
            when claim_lines.place_setting = 'facility' then 'facility'
            when supply_coverage.claim_id is null then 'no per diem'
            when not supply_coverage.is_own then 'other provider'
            when claim_lines.place_setting = 'other' then 'elsewhere'
            when supply_codes.tier = 'TC' and supply_coverage.has_listed then 'own therapy'
            when supply_codes.tier in ('TC', 'T3') then
                case
                    when supply_codes.is_literal_range and settings.is_literal_supply_range
                    then 'literal range' else 'unrelated'
                end
            when supply_codes.tier in ('T2', 'NEVER') then
                case when supply_coverage.is_on_claim_of_per_diem then 'same claim' else 'other claim' end
            when
                supply_codes.tier in ('T1U', 'T2U') and listed_lines.claim_id is not null
                and not supply_coverage.has_listed
            then 'other therapy'
            else 'beside'
        end as situation
    from claim_lines
    cross join settings
    inner join supply_codes
        on claim_lines.hcpcs_code = supply_codes.code
        and claim_lines.claim_line_start_date between supply_codes.valid_from and supply_codes.valid_to
    left join listed_lines
        on claim_lines.claim_id = listed_lines.claim_id
        and claim_lines.claim_line_number = listed_lines.claim_line_number
    left join supply_coverage
        on claim_lines.claim_id = supply_coverage.claim_id
        and claim_lines.claim_line_number = supply_coverage.claim_line_number
    left join member_owned_lines
        on claim_lines.claim_id = member_owned_lines.claim_id
        and claim_lines.claim_line_number = member_owned_lines.claim_line_number
    where claim_lines.is_allowed
),

first_answers as (
    select
        *,
        case
            when situation in ('own therapy', 'same claim') then 'overpayment'
            when situation in ('other claim', 'literal range') then 'review'
            when situation in ('member battery', 'unrelated') then 'excepted'
            when situation in ('other provider', 'elsewhere') and tier = 'T1' then 'review'
            when situation <> 'beside' then 'pass'
            when tier = 'T1' or (tier = 'T1I' and place_setting <> 'suite') then 'overpayment'
            when tier in ('T1I', 'T1U', 'T2U') or (tier = 'TI' and place_setting = 'home') then 'review'
            else 'pass'
        end as first_outcome
    from situations
),

answers as (
    select
        *,
        case
            when first_outcome in ('overpayment', 'review') and is_member_owned then 'excepted'
            when first_outcome = 'overpayment' and is_only_implanted_pump then 'review'
            else first_outcome
        end as outcome
    from first_answers
)

select
    claim_id, claim_line_number, outcome,
    case when outcome in ('overpayment', 'review') then cast(
        cast((paid_cents * covered_days * 2 + day_count) // (2 * day_count) as decimal(20, 0)) * 0.01 as decimal(18, 2)
    ) else 0 end as amount,
    case
        when outcome = 'excepted' and is_member_owned then 'the member owns the equipment'
        when outcome = 'review' and first_outcome = 'overpayment' then 'the only per diem is that of an implanted pump'
        when situation = 'member battery' then 'a battery of a pump that the member owns'
        when situation = 'facility' then 'supplied in an office or a hospital, not at home'
        when situation = 'no per diem' then 'no per diem that includes it on these days'
        when situation = 'unrelated' then 'a supply unrelated to the infusion'
        when situation = 'literal range' then 'named only by the range of codes that the policy prints'
        when situation = 'own therapy' then 'included in the per diem of the therapy that it serves'
        when situation = 'other therapy' then 'serves a therapy for which no per diem was billed'
        when outcome = 'pass' then 'not shown to be included in a per diem by its kind, place and provider'
        when situation = 'other provider' then 'included in the per diem of another provider'
        when situation = 'elsewhere' then 'included in a per diem, but the place is neither home nor infusion suite'
        when situation = 'same claim' then 'general supply on a claim that also bills a per diem that includes it'
        when situation = 'other claim' then 'general supply beside a per diem on another claim'
        when outcome = 'overpayment' then 'included in the per diem of the same provider'
        when tier = 'TI' then 'an implanted pump billed at home beside a per diem'
        when tier = 'T1I' then 'access device billed in the infusion suite beside a per diem'
        else 'not in the printed table, but included by the general wording'
    end as reason,
    per_diem_claim_id as related_claim_id, per_diem_line_number as related_claim_line_number
from answers
