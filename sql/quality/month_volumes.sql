-- Lines, claims and dollars of the file by the month of service.
select
    cast(date_trunc('month', claim_line_start_date) as date) as service_month,
    count(*) as line_count,
    count(distinct claim_id) as claim_count,
    cast(coalesce(sum(paid_amount), 0) as decimal(18, 2)) as paid_amount
from typed_rows
group by service_month
