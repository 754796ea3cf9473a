-- Each claims file with its days of service, and whether they come within the margin around the days of the lines to be
-- reported on. Where that cannot be told, or no line is to be reported on, a file is within reach.
with rows_with_days as (
    select
        delivered_rows.source_file,
        delivered_rows.claim_line_start_date as first_date,
        greatest(
            coalesce(delivered_rows.claim_line_end_date, delivered_rows.claim_line_start_date),
            delivered_rows.claim_line_start_date
        ) as last_date,
        case
            when asked_period.period_by = 'paid' then delivered_rows.paid_date
            else delivered_rows.claim_line_start_date
        end between asked_period.period_from and asked_period.period_to as is_in_period
    from delivered_rows
    cross join asked_period
),

reported_days as (
    select min(first_date) as first_date, max(last_date) as last_date from rows_with_days
    where is_in_period
),

files as (
    select source_file, count(*) as row_count, min(first_date) as first_date, max(last_date) as last_date
    from rows_with_days
    group by source_file
)

select
    files.source_file, files.row_count, files.first_date, files.last_date,
    coalesce(
        date_diff('day', reported_days.last_date, files.first_date) <= asked_period.margin_days
        and date_diff('day', files.last_date, reported_days.first_date) <= asked_period.margin_days,
        true
    ) as is_within_reach
from files
cross join reported_days
cross join asked_period
