-- Rows of lines that have several, in the order in which payment and date let them stand for their line: paid rows
-- first, then the latest paid date, then the dearer row. Rows that share a place are told apart by their other values.
select
    live_rows.source_file, live_rows.source_row, live_rows.claim_id, live_rows.claim_line_number,
    rank() over (
        partition by live_rows.claim_id, live_rows.claim_line_number
        order by
            case when live_rows.row_paid_amount > 0 then 0 else 1 end,
            live_rows.paid_date desc nulls last, live_rows.row_paid_amount desc,
            live_rows.allowed_amount desc nulls last, live_rows.service_unit_quantity desc nulls last,
            live_rows.member_id nulls last, live_rows.claim_line_start_date nulls last
    ) as place
from live_rows
inner join repeated_lines
    on live_rows.claim_id = repeated_lines.claim_id
    and live_rows.claim_line_number = repeated_lines.claim_line_number
