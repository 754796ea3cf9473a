-- One row per per diem line and day on which another per diem of the provider excludes its code. The unspecific code of
-- a pair gives way to the specific one; of two volume bands the one with the lower pay per day, the later one if equal.
-- A line has one outcome, overpayment before review, and only the days of the conflicts with that outcome.
with code_pairs as (
    select code_a as code, code_b as other_code, kind, valid_from, valid_to from per_diem_conflicts
    union all
    select code_b as code, code_a as other_code, kind, valid_from, valid_to from per_diem_conflicts
    where kind = 'band'
),

-- A change of therapy on one day: one line of several days ends where the other begins.
conflicts as (
    select
        found_days.claim_id, found_days.claim_line_number, found_days.member_id, found_days.service_date,
        other_days.line_order as other_line_order,
        case
            when code_pairs.kind = 'unspecific_review' then 'review'
            when found_days.is_last_day and found_days.has_several_days and other_days.is_first_day then 'review'
            when other_days.is_last_day and other_days.has_several_days and found_days.is_first_day then 'review'
            else 'overpayment'
        end as outcome
    from priced_per_diem_days as found_days
    inner join code_pairs
        on found_days.hcpcs_code = code_pairs.code
        and found_days.claim_line_start_date between code_pairs.valid_from and code_pairs.valid_to
    inner join priced_per_diem_days as other_days
        on found_days.member_id = other_days.member_id
        and found_days.provider_id = other_days.provider_id
        and found_days.service_date = other_days.service_date
        and code_pairs.other_code = other_days.hcpcs_code
    where
        code_pairs.kind <> 'band'
        or found_days.cents_per_day < other_days.cents_per_day
        or (
            found_days.cents_per_day = other_days.cents_per_day
            and found_days.cents_per_day_rest < other_days.cents_per_day_rest
        )
        or (
            found_days.cents_per_day = other_days.cents_per_day
            and found_days.cents_per_day_rest = other_days.cents_per_day_rest
            and found_days.line_order > other_days.line_order
        )
),

judged_conflicts as (
    select *, bool_or(outcome = 'overpayment') over (partition by claim_id, claim_line_number) as is_overpaid_line
    from conflicts
)

select claim_id, claim_line_number, member_id, service_date, outcome, min(other_line_order) as other_line_order
from judged_conflicts
where outcome = 'overpayment' or not is_overpaid_line
group by claim_id, claim_line_number, member_id, service_date, outcome
