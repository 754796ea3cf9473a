-- One row per finding: whether its money can still be demanded on the day of the run, by the plan's lookback limits.
-- Where several limits may apply, a finding is recoverable or time-barred only if it is so by each of them.
with limit_answers as (
    select
        applicable_limits.*,
        case
            when is_exempt then 'recoverable'
            when counted_from_date is null then 'unknown'
            when clock.as_of <= last_day_of_limit then 'recoverable'
            else 'time_barred'
        end as answer
    from applicable_limits
    cross join clock
),

compared_answers as (
    select
        *,
        count(*) over (partition by finding_id) as limit_count,
        is_complete and min(answer) over (partition by finding_id) = max(answer) over (partition by finding_id)
            as is_agreed,
        row_number() over (
            partition by finding_id
            order by
                case when answer = 'recoverable' then last_day_of_limit end asc nulls last,
                last_day_of_limit desc nulls last, limit_row
        ) as place
    from limit_answers
),

first_answers as (
    select * from compared_answers where place = 1
),

limit_counts as (
    select count(*) as row_count from lookback_limits
)

select
    limited_findings.finding_id,
    case when first_answers.is_agreed then first_answers.answer else 'unknown' end as recovery_status,
    case when first_answers.is_agreed then first_answers.last_day_of_limit end as recover_by_date,
    case
        when first_answers.is_agreed then date_diff('day', clock.as_of, first_answers.last_day_of_limit)
    end as days_left,
    case when first_answers.is_agreed then first_answers.counted_from_date end as counted_from_date,
    case when first_answers.is_agreed then first_answers.months end as months,
    case when first_answers.is_agreed then first_answers.limit_row end as limit_row,
    case when first_answers.is_agreed then first_answers.citation end as citation,
    case
        when limit_counts.row_count = 0 then 'no lookback limits are set (setting lookback_limits)'
        when first_answers.is_agreed and first_answers.answer = 'unknown'
        then 'the paid date, from which the limit counts, is missing (paid_date)'
        when first_answers.is_agreed and first_answers.is_exempt then 'no limit applies to findings of this rule'
        when first_answers.is_agreed and first_answers.answer = 'recoverable'
        then 'the last day of the limit has not passed'
        when first_answers.is_agreed then 'the last day of the limit has passed'
        when limited_findings.line_of_business is null and limited_findings.state is null
        then 'the limit depends on fields that are missing (line_of_business, provider_state)'
        when limited_findings.line_of_business is null
        then 'the limit depends on a field that is missing (line_of_business)'
        when limited_findings.state is null
        then 'the limit depends on a field that is missing or names no state (provider_state)'
        else 'no limit of the table is for this line of business and state'
    end
    || case
        when first_answers.is_agreed and first_answers.limit_count > 1
        then ', by each of the limits that may apply'
        else ''
    end as reason
from limited_findings
cross join clock
cross join limit_counts
left join first_answers on limited_findings.finding_id = first_answers.finding_id
