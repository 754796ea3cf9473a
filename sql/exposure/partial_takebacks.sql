-- Lines whose rows take back a part of what they pay: how much, by how many rows, and the day of the last. A row that
-- takes back all that another row of the line pays undoes that row, as a correction does, and is no part.
with rows_together as (
    select
        live_rows.claim_id, live_rows.claim_line_number, live_rows.member_id, live_rows.row_paid_amount,
        live_rows.paid_date
    from live_rows
    inner join repeated_lines
        on live_rows.claim_id = repeated_lines.claim_id
        and live_rows.claim_line_number = repeated_lines.claim_line_number
    where repeated_lines.has_negative_row and repeated_lines.paid_amount > 0
),

paid_amounts as (
    select distinct claim_id, claim_line_number, row_paid_amount from rows_together
    where row_paid_amount > 0
)

select
    rows_together.claim_id, rows_together.claim_line_number, min(rows_together.member_id) as member_id,
    cast(-sum(rows_together.row_paid_amount) as decimal(18, 2)) as taken_back_amount,
    count(*) as taken_back_row_count, max(rows_together.paid_date) as taken_back_date
from rows_together
left join paid_amounts
    on rows_together.claim_id = paid_amounts.claim_id
    and rows_together.claim_line_number = paid_amounts.claim_line_number
    and rows_together.row_paid_amount = -paid_amounts.row_paid_amount
where rows_together.row_paid_amount < 0 and paid_amounts.claim_id is null
group by rows_together.claim_id, rows_together.claim_line_number
