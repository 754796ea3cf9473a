-- Every day that some line covers. Spans are laid out by joining it.
with bounds as (
    select min(claim_line_start_date) as first_date, max(claim_line_end_date) as last_date from claim_lines
),

days as (
    select unnest(generate_series(first_date, last_date, interval 1 day)) as calendar_date from bounds
)

select cast(calendar_date as date) as calendar_date from days
