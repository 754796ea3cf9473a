with visit_lines as (
    select
        claim_lines.claim_id, claim_lines.claim_line_number, claim_lines.member_id, claim_lines.provider_id,
        claim_lines.claim_line_start_date, claim_lines.claim_line_end_date, claim_lines.paid_cents,
        claim_lines.line_order, claim_lines.has_provider, nursing_codes.visit_kind, nursing_codes.category
    from claim_lines
    inner join nursing_codes
        on claim_lines.hcpcs_code = nursing_codes.code
        and claim_lines.claim_line_start_date between nursing_codes.valid_from and nursing_codes.valid_to
    where claim_lines.is_allowed and nursing_codes.code_system = 'hcpcs' and nursing_codes.visit_kind is not null
),

-- The visits of the provider that decide a line: the first hours of an extra hour, the visit that general nursing or a
-- Medicare code repeats.
related_visits as (
    select
        visit_lines.claim_id, visit_lines.claim_line_number,
        other_visits.claim_id as visit_claim_id, other_visits.claim_line_number as visit_line_number,
        row_number() over (
            partition by visit_lines.claim_id, visit_lines.claim_line_number order by other_visits.line_order
        ) as place
    from visit_lines
    inner join visit_lines as other_visits
        on visit_lines.member_id = other_visits.member_id
        and visit_lines.provider_id = other_visits.provider_id
        and visit_lines.claim_line_start_date <= other_visits.claim_line_end_date
        and visit_lines.claim_line_end_date >= other_visits.claim_line_start_date
    where
        (visit_lines.visit_kind <> 'infusion_visit' and other_visits.visit_kind = 'infusion_visit')
        or (visit_lines.visit_kind = 'general_nursing' and other_visits.visit_kind = 'infusion_visit_extra_hour')
        or (
            visit_lines.visit_kind = 'medicare_infusion_visit' and other_visits.visit_kind = 'medicare_infusion_visit'
            and visit_lines.category <> other_visits.category
        )
),

-- Extra hours beside first hours of the member where one of the two names no provider: it may be the same.
untold_visits as (
    select distinct visit_lines.claim_id, visit_lines.claim_line_number
    from visit_lines
    inner join visit_lines as first_hours
        on visit_lines.member_id = first_hours.member_id
        and visit_lines.claim_line_start_date <= first_hours.claim_line_end_date
        and visit_lines.claim_line_end_date >= first_hours.claim_line_start_date
    where
        visit_lines.visit_kind = 'infusion_visit_extra_hour' and first_hours.visit_kind = 'infusion_visit'
        and not (visit_lines.has_provider and first_hours.has_provider)
),

answers as (
    select
        visit_lines.*, related_visits.visit_claim_id, related_visits.visit_line_number,
        case
            when visit_lines.visit_kind = 'infusion_visit_extra_hour' and related_visits.claim_id is not null
            then 'pass'
            when untold_visits.claim_id is not null then 'not_evaluable'
            when visit_lines.visit_kind = 'infusion_visit_extra_hour' then 'overpayment'
            when related_visits.claim_id is null then 'pass'
            when visit_lines.visit_kind = 'general_nursing' then 'overpayment'
            when visit_lines.visit_kind = 'medicare_infusion_visit' then 'review'
            else 'pass'
        end as outcome
    from visit_lines
    left join related_visits
        on visit_lines.claim_id = related_visits.claim_id
        and visit_lines.claim_line_number = related_visits.claim_line_number
        and related_visits.place = 1
    left join untold_visits
        on visit_lines.claim_id = untold_visits.claim_id
        and visit_lines.claim_line_number = untold_visits.claim_line_number
)

select
    claim_id, claim_line_number, outcome,
    case when outcome in ('overpayment', 'review') then cast(paid_cents * 0.01 as decimal(18, 2)) else 0 end as amount,
    case
        when visit_kind = 'infusion_visit' then 'a nursing visit, payable beside a per diem'
        when outcome = 'not_evaluable' then 'billing_tin: missing, and first hours of that day may be the provider''s'
        when visit_kind = 'infusion_visit_extra_hour' and outcome = 'overpayment'
        then 'extra hours without allowed first hours of the provider on these days'
        when visit_kind = 'infusion_visit_extra_hour' then 'extra hour of a visit that was billed'
        when outcome = 'pass' then 'the only kind of nursing visit of the provider on these days'
        when visit_kind = 'general_nursing' then 'general nursing beside an infusion visit of the provider'
        else 'Medicare infusion visit beside another kind of infusion visit of the provider'
    end as reason,
    visit_claim_id as related_claim_id, visit_line_number as related_claim_line_number
from answers
