-- Per finding, the lookback limits that may be the one that applies, and the last day that each gives.
-- The most specific counts: line of business and state, line of business, state, neither. Where the finding's state or
-- line of business is missing, every limit that one of its values could make the most specific is kept.
with possible_limits as (
    select
        limited_findings.finding_id, limited_findings.rule, lookback_limits.limit_row, lookback_limits.months,
        lookback_limits.citation,
        case lookback_limits.counted_from
            when 'paid' then limited_findings.paid_date
            else limited_findings.claim_line_start_date
        end as counted_from_date,
        case
            when lookback_limits.line_of_business is not null and lookback_limits.state is not null then 1
            when lookback_limits.line_of_business is not null then 2
            when lookback_limits.state is not null then 3
            else 4
        end as specificity,
        (lookback_limits.line_of_business is null or limited_findings.line_of_business is not null)
        and (lookback_limits.state is null or limited_findings.state is not null) as is_certain
    from limited_findings
    inner join lookback_limits
        on coalesce(limited_findings.line_of_business = lookback_limits.line_of_business, true)
        and coalesce(limited_findings.state = lookback_limits.state, true)
),

ranked_limits as (
    select
        *,
        min(case when is_certain then specificity end) over (partition by finding_id) as certain_specificity,
        year(counted_from_date) * 12 + month(counted_from_date) - 1 + months as last_month
    from possible_limits
),

last_months as (
    select
        ranked_limits.finding_id, ranked_limits.limit_row, ranked_limits.months, ranked_limits.citation,
        ranked_limits.counted_from_date, ranked_limits.certain_specificity is not null as is_complete,
        lookback_exemptions.rule is not null as is_exempt,
        make_date(
            cast(ranked_limits.last_month // 12 as integer), cast(ranked_limits.last_month % 12 + 1 as integer), 1
        ) as first_of_last_month
    from ranked_limits
    left join lookback_exemptions
        on ranked_limits.limit_row = lookback_exemptions.limit_row and ranked_limits.rule = lookback_exemptions.rule
    where
        ranked_limits.certain_specificity is null
        or ranked_limits.specificity < ranked_limits.certain_specificity
        or (ranked_limits.specificity = ranked_limits.certain_specificity and ranked_limits.is_certain)
)

-- The last day is the same day of the month; where that month is shorter, its last day.
select
    finding_id, limit_row, months, citation, counted_from_date, is_complete, is_exempt,
    case
        when not is_exempt
        then
            first_of_last_month
            + cast(least(day(counted_from_date), day(last_day(first_of_last_month))) - 1 as integer)
    end as last_day_of_limit
from last_months
