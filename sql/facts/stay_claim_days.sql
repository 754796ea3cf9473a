-- Claims that are stays by their bill type, or may be (stay_claim_types), those without an allowed line too. A
-- discharge more than a year after the claim's last day, or an admission more than ten years before its first, is a
-- slip of the pen: what the claim's other lines say counts, or the claim's own days. A claim is named by its lowest
-- allowed line, rather no per diem's, which would show itself.
with claim_days as (
    select
        claim_lines.claim_id, claim_lines.member_id, stay_claim_types.is_typed,
        coalesce(
            min(claim_lines.claim_line_number) filter (where claim_lines.is_allowed and per_diem_codes.code is null),
            min(claim_lines.claim_line_number) filter (where claim_lines.is_allowed)
        ) as claim_line_number,
        coalesce(min(claim_lines.claim_start_date), min(claim_lines.claim_line_start_date)) as first_date,
        coalesce(max(claim_lines.claim_end_date), max(claim_lines.claim_line_end_date)) as last_date
    from claim_lines
    inner join stay_claim_types on claim_lines.claim_id = stay_claim_types.claim_id
    left join per_diem_codes
        on claim_lines.hcpcs_code = per_diem_codes.code
        and per_diem_codes.is_per_diem and not per_diem_codes.is_incidental
        and claim_lines.claim_line_start_date between per_diem_codes.valid_from and per_diem_codes.valid_to
    group by claim_lines.claim_id, claim_lines.member_id, stay_claim_types.is_typed
),

said_days as (
    select
        claim_days.claim_id, claim_days.member_id,
        min(claim_lines.admission_date) filter (
            where date_diff('day', claim_lines.admission_date, claim_days.first_date) <= 3653
        ) as admission_date,
        max(claim_lines.discharge_date) filter (
            where date_diff('day', claim_days.last_date, claim_lines.discharge_date) <= 366
        ) as discharge_date
    from claim_days
    inner join claim_lines
        on claim_days.claim_id = claim_lines.claim_id and claim_days.member_id = claim_lines.member_id
    group by claim_days.claim_id, claim_days.member_id
)

select
    claim_days.claim_id, claim_days.member_id, claim_days.is_typed, claim_days.claim_line_number,
    claim_days.claim_line_number is not null as is_allowed, claim_days.first_date, claim_days.last_date,
    coalesce(said_days.admission_date, claim_days.first_date) as admission_date,
    coalesce(said_days.discharge_date, claim_days.last_date) as discharge_date
from claim_days
inner join said_days on claim_days.claim_id = said_days.claim_id and claim_days.member_id = said_days.member_id
