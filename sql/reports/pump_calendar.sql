-- Days with S9328 of the three members with the most units that the rule does not leave standing, among those with a
-- finding on S9328 that the filters keep: what was billed, and whether a refill, another service of the pump or a visit
-- is seen.
with found_members as (
    select distinct selected_findings.member_id
    from selected_findings
    inner join per_diem_codes on selected_findings.hcpcs_code = per_diem_codes.code
    where per_diem_codes.family = 'pain_implanted_pump'
),

member_days as (
    select
        selected_pump_days.member_id,
        selected_pump_days.provider_id,
        selected_pump_days.service_date,
        bool_or(selected_pump_days.is_event) as is_event,
        bool_or(selected_pump_days.is_weak) as is_weak,
        sum(selected_pump_days.unit_quantity) as unit_quantity,
        sum(selected_pump_days.kept_unit_quantity) as kept_unit_quantity
    from selected_pump_days
    inner join found_members on selected_pump_days.member_id = found_members.member_id
    group by selected_pump_days.member_id, selected_pump_days.provider_id, selected_pump_days.service_date
),

ranked_members as (
    select
        member_id,
        provider_id,
        row_number() over (
            order by sum(unit_quantity - kept_unit_quantity) desc, sum(unit_quantity) desc, member_id, provider_id
        ) as member_rank
    from member_days
    group by member_id, provider_id
)

select
    ranked_members.member_rank,
    member_days.member_id,
    coalesce(providers.name, member_days.provider_id) as provider_name,
    member_days.service_date,
    member_days.unit_quantity,
    member_days.kept_unit_quantity,
    case
        when unit_quantity > kept_unit_quantity and kept_unit_quantity > 0
        then 'partly in order, more units than refills'
        when unit_quantity > kept_unit_quantity then 'billed beyond the refills'
        when is_event and not is_weak then 'billed on a refill or a visit'
        when is_event then 'billed, refill not shown to be at home'
        else 'billed, no refill seen'
    end as day_kind
from member_days
inner join ranked_members
    on member_days.member_id = ranked_members.member_id and member_days.provider_id = ranked_members.provider_id
left join providers on member_days.provider_id = providers.provider_id
where ranked_members.member_rank <= 3
order by ranked_members.member_rank, member_days.service_date
