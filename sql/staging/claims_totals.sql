-- What the whole file holds, before any line is set aside.
select
    count(*) as line_count, count(distinct claim_id) as claim_count, count(distinct member_id) as member_count,
    count(distinct coalesce(billing_tin, billing_npi)) as provider_count,
    cast(coalesce(sum(paid_amount), 0) as decimal(18, 2)) as paid_amount,
    count(*) filter (where paid_amount is null) as missing_paid_count,
    min(claim_line_start_date) as first_service_date, max(claim_line_start_date) as last_service_date,
    coalesce(bool_or(bill_type_code is not null), false) as has_bill_types
from typed_rows
