-- The lines of the findings that differ: whether the period of each run holds them, and whether both runs do. Where the
-- runs have a line with other values the later one's date counts; that line is delivered otherwise in any case.
with lines as (
    select
        finding_changes.rule, finding_changes.claim_id, finding_changes.claim_line_number,
        coalesce(lines_b.claim_line_start_date, lines_a.claim_line_start_date) as claim_line_start_date,
        coalesce(lines_b.paid_date, lines_a.paid_date) as paid_date,
        lines_a.claim_id is not null and lines_b.claim_id is not null as is_in_both_runs
    from finding_changes
    left join claim_lines_a as lines_a
        on finding_changes.claim_id = lines_a.claim_id
        and finding_changes.claim_line_number = lines_a.claim_line_number
    left join claim_lines_b as lines_b
        on finding_changes.claim_id = lines_b.claim_id
        and finding_changes.claim_line_number = lines_b.claim_line_number
)

select
    lines.rule, lines.claim_id, lines.claim_line_number, lines.is_in_both_runs,
    -- A line without the date that chooses the period is in it only where no period is asked.
    coalesce(
        case when run_periods.period_by_a = 'paid' then lines.paid_date else lines.claim_line_start_date end
        between coalesce(run_periods.period_from_a, date '0001-01-01')
        and coalesce(run_periods.period_to_a, date '9999-12-31'),
        run_periods.period_from_a is null and run_periods.period_to_a is null
    ) as is_in_period_a,
    coalesce(
        case when run_periods.period_by_b = 'paid' then lines.paid_date else lines.claim_line_start_date end
        between coalesce(run_periods.period_from_b, date '0001-01-01')
        and coalesce(run_periods.period_to_b, date '9999-12-31'),
        run_periods.period_from_b is null and run_periods.period_to_b is null
    ) as is_in_period_b
from lines
cross join run_periods
