-- Courses of therapy: a provider's per diems of one code for one member, each beginning at most 30 days after the ones
-- before it end. One row per provider, code, line of business, month of the first day and class of length; sums only.
-- A course is cut by the audited period; days are those that its lines span, each counted once.
with per_diem_spans as (
    select
        audited_lines.*, code_kinds.family as therapy_family,
        max(audited_lines.claim_line_end_date) over (
            partition by audited_lines.member_id, audited_lines.provider_id, audited_lines.hcpcs_code
            order by
                audited_lines.claim_line_start_date, audited_lines.claim_line_end_date, audited_lines.claim_id,
                audited_lines.claim_line_number
            rows between unbounded preceding and 1 preceding
        ) as last_day_before
    from audited_lines
    inner join code_kinds on audited_lines.hcpcs_code = code_kinds.hcpcs_code and code_kinds.code_kind = 'per diem'
),

numbered_spans as (
    select
        *,
        sum(case when date_diff('day', last_day_before, claim_line_start_date) <= 30 then 0 else 1 end) over (
            partition by member_id, provider_id, hcpcs_code
            order by claim_line_start_date, claim_line_end_date, claim_id, claim_line_number
            rows between unbounded preceding and current row
        ) as episode_number,
        date_diff(
            'day',
            case
                when last_day_before >= claim_line_start_date then last_day_before + interval 1 day
                else claim_line_start_date
            end,
            claim_line_end_date
        ) + 1 as new_days
    from per_diem_spans
),

episodes as (
    select
        member_id, provider_id, hcpcs_code, episode_number,
        min(therapy_family) as therapy_family, min(line_of_business) as line_of_business,
        min(period_month) as period_month,
        cast(sum(greatest(new_days, 0)) as bigint) as day_count,
        cast(sum(coalesce(service_unit_quantity, 0)) as decimal(28, 3)) as unit_quantity,
        cast(sum(paid_amount) as decimal(18, 2)) as paid_amount
    from numbered_spans
    group by member_id, provider_id, hcpcs_code, episode_number
)

select
    provider_id, hcpcs_code, therapy_family, line_of_business, period_month,
    case
        when day_count <= 1 then 1 when day_count <= 7 then 2 when day_count <= 14 then 8
        when day_count <= 28 then 15 when day_count <= 56 then 29 else 57
    end as shortest_day_count,
    count(*) as episode_count, count(*) filter (where unit_quantity > day_count) as episode_above_days_count,
    cast(sum(day_count) as bigint) as day_count, cast(sum(unit_quantity) as decimal(28, 3)) as unit_quantity,
    cast(sum(paid_amount) as decimal(18, 2)) as paid_amount
from episodes
group by all
