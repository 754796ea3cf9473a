-- One row per claim of the whole file: its rows, the files that they came in, and how its dollars lie on its lines.
select
    claim_id,
    count(*) as line_count,
    min(source_file) as first_file,
    max(source_file) as last_file,
    cast(coalesce(sum(paid_amount), 0) as decimal(18, 2)) as paid_amount,
    max(paid_amount) as most_amount,
    min(paid_amount) as least_amount,
    count(*) filter (where paid_amount > 0) as paid_line_count,
    count(*) filter (
        where coalesce(paid_amount, 0) = 0 and charge_amount > 0 and coalesce(claim_line_status, '') <> 'denied'
    ) as unpaid_charge_count,
    coalesce(bool_or(claim_type = 'institutional'), false) as is_institutional
from typed_rows
group by claim_id
