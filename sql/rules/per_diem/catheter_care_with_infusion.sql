with considered_lines as (
    select
        claim_lines.*,
        per_diem_codes.family = 'catheter_supply' as is_supply,
        coalesce(per_diem_codes.scale = 'port', false) as is_idle_port
    from claim_lines
    inner join per_diem_codes
        on claim_lines.hcpcs_code = per_diem_codes.code
        and claim_lines.claim_line_start_date between per_diem_codes.valid_from and per_diem_codes.valid_to
    where claim_lines.is_allowed and per_diem_codes.family in ('catheter_care', 'catheter_supply')
),

infusion_days as (
    select member_id, provider_id, service_date, min(line_order) as per_diem_line_order
    from per_diem_days
    where is_infusion
    group by member_id, provider_id, service_date
),

common_days as (
    select
        considered_lines.claim_id, considered_lines.claim_line_number,
        count(*) as common_days, min(infusion_days.per_diem_line_order) as per_diem_line_order
    from considered_lines
    inner join infusion_days
        on considered_lines.member_id = infusion_days.member_id
        and considered_lines.provider_id = infusion_days.provider_id
        and infusion_days.service_date
        between considered_lines.claim_line_start_date and considered_lines.claim_line_end_date
    group by considered_lines.claim_id, considered_lines.claim_line_number
),

situations as (
    select
        considered_lines.*,
        case
            when common_days.claim_id is null then 'apart'
            when is_supply then 'supply'
            when is_idle_port then 'idle port'
            else 'care'
        end as situation,
        case when is_supply then considered_lines.day_count else common_days.common_days end as found_days,
        per_diem_lines.claim_id as per_diem_claim_id, per_diem_lines.claim_line_number as per_diem_line_number
    from considered_lines
    left join common_days
        on considered_lines.claim_id = common_days.claim_id
        and considered_lines.claim_line_number = common_days.claim_line_number
    left join per_diem_lines
        on considered_lines.member_id = per_diem_lines.member_id
        and common_days.per_diem_line_order = per_diem_lines.line_order
)

select
    claim_id, claim_line_number,
    case situation when 'apart' then 'pass' when 'idle port' then 'overpayment' else 'review' end as outcome,
    case when situation <> 'apart' then cast(
        cast((paid_cents * found_days * 2 + day_count) // (2 * day_count) as decimal(20, 0)) * 0.01 as decimal(18, 2)
    ) else 0 end as amount,
    case situation
        when 'apart' then 'no infusion per diem of the provider on these days'
        when 'idle port' then 'care of an idle port on days on which an infusion runs'
        when 'care' then 'catheter care on days on which an infusion runs'
        else 'catheter supplies on days on which an infusion runs'
    end as reason,
    per_diem_claim_id as related_claim_id, per_diem_line_number as related_claim_line_number
from situations
