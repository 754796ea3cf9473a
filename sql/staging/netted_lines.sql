-- One row per claim line: its rows' sums, its place in the order of the member's lines (earlier paid date first,
-- missing last, then claim, then line number), whether the audit speaks of it, whether it is void or takes back what
-- was never paid under its id, and the row that was paid last, whose other values stand for the line.
with chosen_rows as (
    select
        live_rows.*,
        coalesce(repeated_rows.row_count, 1) as row_count,
        case when repeated_rows.claim_id is null then live_rows.row_paid_amount else repeated_rows.paid_amount end
            as line_paid_amount,
        case when repeated_rows.claim_id is null then live_rows.allowed_amount else repeated_rows.allowed_amount end
            as line_allowed_amount,
        case when repeated_rows.claim_id is null then live_rows.charge_amount else repeated_rows.charge_amount end
            as line_charge_amount,
        case
            when repeated_rows.claim_id is null then live_rows.service_unit_quantity
            else repeated_rows.service_unit_quantity
        end as line_unit_quantity,
        coalesce(
            repeated_rows.has_negative_row,
            -- A row alone that is negative in units or charge alone takes nothing back: it was denied from the start.
            live_rows.row_paid_amount < 0 or coalesce(live_rows.allowed_amount, 0) < 0
        ) as has_negative_row,
        coalesce(
            repeated_rows.has_positive_row,
            live_rows.row_paid_amount > 0 or coalesce(live_rows.allowed_amount, 0) > 0
        ) as has_positive_row,
        coalesce(repeated_rows.is_denied_at_last, false) as is_denied_at_last
    from live_rows
    left join repeated_rows
        on live_rows.claim_id = repeated_rows.claim_id
        and live_rows.claim_line_number = repeated_rows.claim_line_number
        and live_rows.source_file = repeated_rows.source_file
        and live_rows.source_row = repeated_rows.source_row
    where coalesce(repeated_rows.choice, 1) = 1
),

lines as (
    select
        source_file, source_row, claim_id, claim_line_number, member_id, claim_line_start_date, paid_date, row_count,
        line_paid_amount as paid_amount, line_allowed_amount as allowed_amount, line_charge_amount as charge_amount,
        line_unit_quantity as service_unit_quantity,
        -- A line without the date that chooses the period is in it only where no period is asked.
        coalesce(
            case when settings.period_by = 'paid' then paid_date else claim_line_start_date end
            between coalesce(settings.period_from, date '0001-01-01')
            and coalesce(settings.period_to, date '9999-12-31'),
            settings.period_from is null and settings.period_to is null
        ) as is_in_period,
        has_negative_row and line_paid_amount <= 0 and coalesce(line_allowed_amount, 0) <= 0
        and not is_denied_at_last as is_void,
        not has_positive_row and (line_paid_amount < 0 or coalesce(line_allowed_amount, 0) < 0) as is_negative_alone
    from chosen_rows
    cross join settings
)

select
    *,
    row_number() over (
        partition by member_id, is_void order by paid_date nulls last, claim_id, claim_line_number
    ) as line_order
from lines
