-- Units are counted in thousandths. Of a line with an excess the due part (paid x kept units / units) is rounded half
-- down, so that the rest is half up; the product stays small whatever units were keyed.
with second_initials as (
    select distinct claim_id, claim_line_number from line_modifiers
    where modifier_use = 'second_initial'
),

initial_lines as (
    select
        claim_lines.claim_id, claim_lines.claim_line_number, claim_lines.member_id, claim_lines.provider_id,
        claim_lines.claim_line_start_date, claim_lines.paid_amount, claim_lines.paid_cents, claim_lines.line_order,
        coalesce(claim_lines.claim_type, 'professional') as claim_type,
        case when claim_lines.claim_type = 'institutional' then initial_service_codes.rank else 0 end as code_rank,
        case when second_initials.claim_id is null then 0 else 1 end as second_initial,
        cast(cast(greatest(coalesce(claim_lines.service_unit_quantity, 1), 0) as decimal(22, 3)) * 1000 as bigint)
            as units
    from claim_lines
    inner join initial_service_codes
        on claim_lines.hcpcs_code = initial_service_codes.code
        and claim_lines.claim_line_start_date
        between initial_service_codes.valid_from and initial_service_codes.valid_to
    left join second_initials
        on claim_lines.claim_id = second_initials.claim_id
        and claim_lines.claim_line_number = second_initials.claim_line_number
    where claim_lines.is_allowed
),

ranked_lines as (
    select
        *,
        row_number() over (
            partition by member_id, provider_id, claim_line_start_date, claim_type
            order by second_initial desc, code_rank, paid_amount desc, line_order
        ) as place,
        sum(second_initial) over (partition by member_id, provider_id, claim_line_start_date, claim_type)
            as second_initials
    from initial_lines
),

queued_lines as (
    select
        *,
        coalesce(sum(units) over (
            partition by member_id, provider_id, claim_line_start_date, claim_type order by place
            rows between unbounded preceding and 1 preceding
        ), 0) as units_before,
        (1 + second_initials) * 1000 as allowed_units
    from ranked_lines
),

kept_lines as (
    select *, least(units, greatest(allowed_units - units_before, 0)) as kept_units
    from queued_lines
),

answers as (
    select
        *,
        case
            when kept_units < units then 'excess'
            when units_before + kept_units > 2000 and kept_units > 0 then 'third site'
            else 'kept'
        end as situation,
        min(case when kept_units > 0 then place end) over (
            partition by member_id, provider_id, claim_line_start_date, claim_type
        ) as first_kept_place,
        min(case when kept_units > 0 and second_initial = 0 then place end) over (
            partition by member_id, provider_id, claim_line_start_date, claim_type
        ) as first_unmarked_place,
        least(kept_units, units_before + kept_units - 2000) as units_beyond_two
    from kept_lines
)

select
    answers.claim_id, answers.claim_line_number,
    case answers.situation when 'excess' then 'overpayment' when 'third site' then 'review' else 'pass' end as outcome,
    cast(
        cast(
            case answers.situation
                when 'excess' then
                    answers.paid_cents
                    - (answers.paid_cents * answers.kept_units * 2 + answers.units - 1) // (2 * answers.units)
                when 'third site' then
                    (answers.paid_cents * answers.units_beyond_two * 2 + answers.units) // (2 * answers.units)
                else 0
            end as decimal(20, 0)
        ) * 0.01 as decimal(18, 2)
    ) as amount,
    case
        when answers.situation = 'excess' then 'more initial services than the encounters and sites of the day allow'
        when answers.situation = 'third site'
        then 'a third or later initial service of the day; the policy speaks of two sites'
        when answers.second_initial = 1 then 'a further initial service, marked as another site or encounter'
        else 'the initial service of the day'
    end as reason,
    first_lines.claim_id as related_claim_id, first_lines.claim_line_number as related_claim_line_number
from answers
left join answers as first_lines
    on answers.member_id = first_lines.member_id
    and answers.provider_id = first_lines.provider_id
    and answers.claim_line_start_date = first_lines.claim_line_start_date
    and answers.claim_type = first_lines.claim_type
    and answers.situation <> 'kept'
    and answers.place > first_lines.place
    -- What is too much is not shown by a marked line, which comes on top of what is allowed, where another is kept.
    and first_lines.place = case
        when answers.situation = 'excess' then coalesce(answers.first_unmarked_place, answers.first_kept_place)
        else answers.first_kept_place
    end
