with therapy_days as (
    select
        priced_per_diem_days.*,
        bool_or(priced_per_diem_days.is_first_day and priced_per_diem_days.has_several_days) over (
            partition by
                priced_per_diem_days.member_id, priced_per_diem_days.provider_id, priced_per_diem_days.service_date
        ) as has_beginning_line
    from priced_per_diem_days
    left join per_diem_duplicate_days
        on priced_per_diem_days.claim_id = per_diem_duplicate_days.claim_id
        and priced_per_diem_days.claim_line_number = per_diem_duplicate_days.claim_line_number
        and priced_per_diem_days.service_date = per_diem_duplicate_days.service_date
    left join per_diem_conflict_days
        on priced_per_diem_days.claim_id = per_diem_conflict_days.claim_id
        and priced_per_diem_days.claim_line_number = per_diem_conflict_days.claim_line_number
        and priced_per_diem_days.service_date = per_diem_conflict_days.service_date
    where
        priced_per_diem_days.is_infusion and priced_per_diem_days.family <> 'pain_implanted_pump'
        and per_diem_duplicate_days.claim_id is null and per_diem_conflict_days.claim_id is null
),

-- On a day of handover the ending line does not count.
ranked_days as (
    select
        *,
        bool_or(therapy_rank = 2) over (partition by member_id, provider_id, service_date) as has_second_therapy,
        row_number() over (
            partition by member_id, provider_id, service_date, therapy_rank
            order by cents_per_day desc, cents_per_day_rest desc, line_order
        ) as place,
        first_value(line_order) over (
            partition by member_id, provider_id, service_date, therapy_rank
            order by cents_per_day desc, cents_per_day_rest desc, line_order
        ) as best_line_order
    from therapy_days
    where not (is_last_day and has_several_days and has_beginning_line)
),

lacking_days as (
    select
        claim_id, claim_line_number, member_id, best_line_order,
        therapy_rank = 1 and place = 2 and not has_second_therapy as is_second_therapy
    from ranked_days
    where therapy_rank < 3 and place > 1
),

lacking_lines as (
    select
        claim_id, claim_line_number, member_id, min(best_line_order) as best_line_order,
        count(*) filter (where is_second_therapy) as second_days,
        count(*) filter (where not is_second_therapy) as third_days
    from lacking_days
    group by claim_id, claim_line_number, member_id
),

-- What a day with a missing modifier loses, in ten-thousandths of its share: all of it while no contract says less.
losses as (
    select
        sh_factor is not null and sj_factor is not null as has_factors,
        case when sj_factor is null then 10000 else coalesce(cast((1 - sh_factor) * 10000 as bigint), 10000) end
            as second_loss,
        case when sh_factor is null then 10000 else coalesce(cast((1 - sj_factor) * 10000 as bigint), 10000) end
            as third_loss
    from settings
),

considered_lines as (
    select
        claim_lines.claim_id, claim_lines.claim_line_number, claim_lines.paid_cents, claim_lines.day_count,
        losses.has_factors, lacking_lines.second_days, lacking_lines.third_days,
        lacking_lines.claim_id is not null as is_lacking,
        coalesce(lacking_lines.second_days * losses.second_loss + lacking_lines.third_days * losses.third_loss, 0)
            as lost_parts,
        best_lines.claim_id as best_claim_id, best_lines.claim_line_number as best_line_number
    from per_diem_lines
    cross join losses
    inner join claim_lines
        on per_diem_lines.claim_id = claim_lines.claim_id
        and per_diem_lines.claim_line_number = claim_lines.claim_line_number
    left join lacking_lines
        on per_diem_lines.claim_id = lacking_lines.claim_id
        and per_diem_lines.claim_line_number = lacking_lines.claim_line_number
    left join per_diem_lines as best_lines
        on lacking_lines.member_id = best_lines.member_id and lacking_lines.best_line_order = best_lines.line_order
    where per_diem_lines.is_infusion and per_diem_lines.family <> 'pain_implanted_pump'
)

select
    claim_id, claim_line_number,
    case when not is_lacking then 'pass' when has_factors then 'overpayment' else 'review' end as outcome,
    cast(
        cast((paid_cents * lost_parts * 2 + day_count * 10000) // (20000 * day_count) as decimal(20, 0)) * 0.01
        as decimal(18, 2)
    ) as amount,
    case
        when not is_lacking then 'no therapy modifier is missing'
        when third_days = 0 then 'a second therapy at the same time without its modifier'
        when second_days = 0 then 'a third or later therapy at the same time without its modifier'
        else 'on some days a second, on others a third or later therapy without its modifier'
    end as reason,
    best_claim_id as related_claim_id, best_line_number as related_claim_line_number
from considered_lines
