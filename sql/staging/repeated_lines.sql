-- Lines of several rows, with the sums of their rows.
select
    claim_id,
    claim_line_number,
    count(*) as row_count,
    -- The twin that takes back an unpaid line shows in its charge or its units alone.
    bool_or(
        row_paid_amount < 0 or coalesce(allowed_amount, 0) < 0
        or coalesce(charge_amount, 0) < 0 or coalesce(service_unit_quantity, 0) < 0
    ) as has_negative_row,
    cast(sum(row_paid_amount) as decimal(18, 2)) as paid_amount,
    cast(sum(allowed_amount) as decimal(18, 2)) as allowed_amount,
    cast(sum(charge_amount) as decimal(18, 2)) as charge_amount,
    cast(sum(service_unit_quantity) as decimal(18, 3)) as service_unit_quantity
from live_rows
group by claim_id, claim_line_number
having count(*) > 1
