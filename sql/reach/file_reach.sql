-- Each claims file with its days of service, and whether they come within the margin around the days of the lines to be
-- reported on, and of the per diems of up to a year that share days with these, whose own proofs lie around them. Where
-- that cannot be told, no line is to be reported on or not one row can be read, a file is within reach.
with rows_with_days as (
    select
        delivered_rows.source_file, delivered_rows.hcpcs_code, delivered_rows.is_rejected,
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

per_diem_spans as (
    select min(rows_with_days.first_date) as first_date, max(rows_with_days.last_date) as last_date
    from rows_with_days
    inner join lasting_codes on rows_with_days.hcpcs_code = lasting_codes.code
    cross join reported_days
    where
        rows_with_days.first_date <= reported_days.last_date and rows_with_days.last_date >= reported_days.first_date
        and date_diff('day', rows_with_days.first_date, rows_with_days.last_date) <= 366
),

proven_days as (
    select
        least(reported_days.first_date, per_diem_spans.first_date) as first_date,
        greatest(reported_days.last_date, per_diem_spans.last_date) as last_date
    from reported_days
    cross join per_diem_spans
),

files as (
    select
        source_file, count(*) as row_count, min(first_date) as first_date, max(last_date) as last_date,
        bool_and(is_rejected) as is_lost
    from rows_with_days
    group by source_file
)

select
    files.source_file, files.row_count, files.first_date, files.last_date,
    files.is_lost or coalesce(
        date_diff('day', proven_days.last_date, files.first_date) <= asked_period.margin_days
        and date_diff('day', files.last_date, proven_days.first_date) <= asked_period.margin_days,
        true
    ) as is_within_reach
from files
cross join proven_days
cross join asked_period
