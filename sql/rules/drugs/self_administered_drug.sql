with overlapping_per_diems as (
    select
        self_administered_lines.claim_id, self_administered_lines.claim_line_number,
        per_diem_lines.claim_id as per_diem_claim_id, per_diem_lines.claim_line_number as per_diem_line_number,
        per_diem_lines.line_order,
        self_administered_lines.is_insulin and per_diem_lines.family in ('insulin', 'tpn') as is_for_insulin,
        self_administered_lines.provider_id = per_diem_lines.provider_id
        and per_diem_codes.is_injection and drug_per_diem_pairs.code is not null as is_paired_injection
    from self_administered_lines
    inner join per_diem_lines
        on self_administered_lines.member_id = per_diem_lines.member_id
        and self_administered_lines.claim_line_start_date <= per_diem_lines.claim_line_end_date
        and self_administered_lines.claim_line_end_date >= per_diem_lines.claim_line_start_date
    inner join per_diem_codes
        on per_diem_lines.hcpcs_code = per_diem_codes.code
        and per_diem_lines.claim_line_start_date between per_diem_codes.valid_from and per_diem_codes.valid_to
    left join drug_per_diem_pairs
        on self_administered_lines.hcpcs_code = drug_per_diem_pairs.code
        and per_diem_lines.hcpcs_code = drug_per_diem_pairs.per_diem_code
        and self_administered_lines.claim_line_start_date
        between drug_per_diem_pairs.valid_from and drug_per_diem_pairs.valid_to
),

insulin_lines as (
    select distinct claim_id, claim_line_number from overlapping_per_diems
    where is_for_insulin
),

injection_per_diems as (
    select
        *, row_number() over (partition by claim_id, claim_line_number order by line_order) as place
    from overlapping_per_diems
    where is_paired_injection
),

situations as (
    select
        self_administered_lines.*, home_infusion_context.context,
        coalesce(injection_per_diems.per_diem_claim_id, home_infusion_context.per_diem_claim_id) as per_diem_claim_id,
        coalesce(injection_per_diems.per_diem_line_number, home_infusion_context.per_diem_line_number)
            as per_diem_line_number,
        case
            when nurse_visited_lines.has_rn_visit then 'nurse'
            when home_infusion_context.context in ('unknown', 'none') then home_infusion_context.context
            when self_administered_lines.clotting_exception in ('yes', 'yes_by_wording') then 'clotting factor'
            when insulin_lines.claim_id is not null then 'insulin in a therapy'
            when injection_per_diems.claim_id is not null then 'injection per diem'
            when home_infusion_context.context = 'supplier' then 'supplier'
            when self_administered_lines.clotting_exception is not null then 'ambiguous clotting product'
            when self_administered_lines.is_given_in_office_too then 'office drug'
            else home_infusion_context.context
        end as situation
    from self_administered_lines
    inner join home_infusion_context
        on self_administered_lines.claim_id = home_infusion_context.claim_id
        and self_administered_lines.claim_line_number = home_infusion_context.claim_line_number
    left join nurse_visited_lines
        on self_administered_lines.claim_id = nurse_visited_lines.claim_id
        and self_administered_lines.claim_line_number = nurse_visited_lines.claim_line_number
    left join insulin_lines
        on self_administered_lines.claim_id = insulin_lines.claim_id
        and self_administered_lines.claim_line_number = insulin_lines.claim_line_number
    left join injection_per_diems
        on self_administered_lines.claim_id = injection_per_diems.claim_id
        and self_administered_lines.claim_line_number = injection_per_diems.claim_line_number
        and injection_per_diems.place = 1
),

answers as (
    select
        *,
        case
            when situation in ('nurse', 'none', 'insulin in a therapy') then 'pass'
            when situation = 'unknown' then 'not_evaluable'
            when situation = 'clotting factor' then 'excepted'
            when situation in ('strong', 'near') then 'overpayment'
            else 'review'
        end as outcome
    from situations
)

select
    claim_id, claim_line_number, outcome,
    case when outcome in ('overpayment', 'review') then cast(paid_cents * 0.01 as decimal(18, 2)) else 0 end as amount,
    case situation
        when 'nurse' then 'a registered nurse came on one of these days'
        when 'none' then 'not at home, or the provider bills no home infusions'
        when 'unknown' then 'place_of_service_code: missing, and the provider supplies home infusions'
        when 'clotting factor' then 'a clotting product, which the policy pays though members give it to themselves'
        when 'insulin in a therapy' then 'insulin on the days of an insulin or a TPN per diem'
        when 'injection per diem' then 'self-administered, with the injection per diem that belongs to the drug'
        when 'supplier' then 'self-administered, from a supplier of home infusions, no per diem of this member near'
        when 'ambiguous clotting product' then 'acts on clotting, but may not be a factor as the exception means it'
        when 'office drug' then 'members give it to themselves, but an office may have given it'
        when 'strong' then 'self-administered on days of a home therapy; no visit coded as a nurse''s was allowed'
        else 'self-administered within 90 days of a home therapy; no visit coded as a nurse''s was allowed'
    end as reason,
    per_diem_claim_id as related_claim_id, per_diem_line_number as related_claim_line_number
from answers
