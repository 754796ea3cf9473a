-- The context of each allowed line for which it matters: how near it is to home infusion of the same provider.
-- Strong: a per diem overlaps it. Near: one is at most 90 days away. Supplier: the provider bills per diems elsewhere.
-- Unknown: no per diem overlaps, and a supplier left the place out, on which the other answers depend.
-- The per diem named is the one with the most common days, else the nearest; ties go by the order of lines.
with candidate_lines as (
    select claim_lines.*
    from claim_lines
    inner join context_codes on claim_lines.hcpcs_code = context_codes.code
    where claim_lines.is_allowed
),

-- Where they overlap they are 0 days apart or fewer: the fewer, the more days they have in common.
near_per_diems as (
    select
        candidate_lines.claim_id, candidate_lines.claim_line_number,
        per_diem_lines.claim_id as per_diem_claim_id, per_diem_lines.claim_line_number as per_diem_line_number,
        per_diem_lines.line_order as per_diem_line_order,
        date_diff(
            'day',
            least(candidate_lines.claim_line_end_date, per_diem_lines.claim_line_end_date),
            greatest(candidate_lines.claim_line_start_date, per_diem_lines.claim_line_start_date)
        ) as days_apart
    from candidate_lines
    inner join per_diem_lines
        on candidate_lines.member_id = per_diem_lines.member_id
        and candidate_lines.provider_id = per_diem_lines.provider_id
    where
        per_diem_lines.is_context
        and not candidate_lines.is_away_from_home
        and (
            candidate_lines.claim_id <> per_diem_lines.claim_id
            or candidate_lines.claim_line_number <> per_diem_lines.claim_line_number
        )
),

ranked_per_diems as (
    select
        *,
        row_number() over (partition by claim_id, claim_line_number order by days_apart, per_diem_line_order) as place
    from near_per_diems
    where days_apart <= 90
),

contexts as (
    select
        candidate_lines.claim_id, candidate_lines.claim_line_number,
        ranked_per_diems.per_diem_claim_id, ranked_per_diems.per_diem_line_number,
        case
            when ranked_per_diems.days_apart <= 0 then 'strong'
            when candidate_lines.place_setting = 'missing' and suppliers.provider_id is not null then 'unknown'
            when candidate_lines.is_away_from_home then 'none'
            when ranked_per_diems.days_apart is not null then 'near'
            when suppliers.provider_id is not null then 'supplier'
            else 'none'
        end as context
    from candidate_lines
    left join suppliers on candidate_lines.provider_id = suppliers.provider_id
    left join ranked_per_diems
        on candidate_lines.claim_id = ranked_per_diems.claim_id
        and candidate_lines.claim_line_number = ranked_per_diems.claim_line_number
        and ranked_per_diems.place = 1
)

select
    claim_id, claim_line_number, context,
    case when context in ('strong', 'near') then per_diem_claim_id end as per_diem_claim_id,
    case when context in ('strong', 'near') then per_diem_line_number end as per_diem_line_number
from contexts
