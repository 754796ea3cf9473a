-- One row per line and kind of per diem that overlaps it: how many of the line's days per diems of that kind cover,
-- each day counted once, and which per diem to name (most common days, then the order of lines). Beside upkeep, which
-- the member has beside an implanted pump, no such pump's is named where another overlaps.
with covered_days as (
    select
        claim_id, claim_line_number, kind, count(distinct service_date) as covered_days,
        bool_and(family = 'pain_implanted_pump') as is_only_implanted_pump
    from per_diem_kind_days
    group by claim_id, claim_line_number, kind
),

ranked_per_diems as (
    select
        claim_id, claim_line_number, kind, per_diem_claim_id, per_diem_line_number,
        row_number() over (
            partition by claim_id, claim_line_number, kind order by common_days desc, per_diem_line_order
        ) as place,
        row_number() over (
            partition by claim_id, claim_line_number, kind
            order by
                case when family = 'pain_implanted_pump' then 1 else 0 end, common_days desc, per_diem_line_order
        ) as upkeep_place
    from per_diem_kind_days
    where service_date = first_common_date
),

named_per_diems as (
    select
        claim_id, claim_line_number, kind,
        max(case when place = 1 then per_diem_claim_id end) as per_diem_claim_id,
        max(case when place = 1 then per_diem_line_number end) as per_diem_line_number,
        max(case when upkeep_place = 1 then per_diem_claim_id end) as upkeep_claim_id,
        max(case when upkeep_place = 1 then per_diem_line_number end) as upkeep_line_number
    from ranked_per_diems
    where place = 1 or upkeep_place = 1
    group by claim_id, claim_line_number, kind
)

select
    covered_days.*, named_per_diems.per_diem_claim_id, named_per_diems.per_diem_line_number,
    named_per_diems.upkeep_claim_id, named_per_diems.upkeep_line_number
from covered_days
inner join named_per_diems
    on covered_days.claim_id = named_per_diems.claim_id
    and covered_days.claim_line_number = named_per_diems.claim_line_number
    and covered_days.kind = named_per_diems.kind
