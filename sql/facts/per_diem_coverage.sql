-- One row per line and kind of per diem that overlaps it: how many of the line's days per diems of that kind cover,
-- each day counted once, and which per diem to name (most common days, then the order of lines; for upkeep, which the
-- member has beside an implanted pump, no such pump's where another of the own ones overlaps).
with covered_days as (
    select
        claim_id, claim_line_number, kind, count(distinct service_date) as covered_days,
        bool_and(family = 'pain_implanted_pump') as is_only_implanted_pump
    from per_diem_kind_days
    group by claim_id, claim_line_number, kind
),

named_per_diems as (
    select
        per_diem_kind_days.claim_id, per_diem_kind_days.claim_line_number, per_diem_kind_days.kind,
        per_diem_kind_days.per_diem_claim_id, per_diem_kind_days.per_diem_line_number,
        row_number() over (
            partition by per_diem_kind_days.claim_id, per_diem_kind_days.claim_line_number, per_diem_kind_days.kind
            order by
                case
                    when
                        included_service_codes.is_member_owned_exempt and per_diem_kind_days.kind = 'own'
                        and per_diem_kind_days.family = 'pain_implanted_pump'
                    then 1
                    else 0
                end,
                per_diem_kind_days.common_days desc, per_diem_kind_days.per_diem_line_order
        ) as place
    from per_diem_kind_days
    left join included_service_codes
        on per_diem_kind_days.hcpcs_code = included_service_codes.code
        and per_diem_kind_days.claim_line_start_date
        between included_service_codes.valid_from and included_service_codes.valid_to
    where per_diem_kind_days.service_date = per_diem_kind_days.first_common_date
)

select covered_days.*, named_per_diems.per_diem_claim_id, named_per_diems.per_diem_line_number
from covered_days
inner join named_per_diems
    on covered_days.claim_id = named_per_diems.claim_id
    and covered_days.claim_line_number = named_per_diems.claim_line_number
    and covered_days.kind = named_per_diems.kind
    and named_per_diems.place = 1
