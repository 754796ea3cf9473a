-- Institutional claims of several lines: what their lines have in common.
select
    claim_id, count(*) as line_count, min(paid_amount) as least_amount, max(paid_amount) as most_amount,
    coalesce(min(charge_amount) <> max(charge_amount), false) as has_several_charges,
    count(*) filter (where paid_amount is null) as missing_count, sum(paid_amount) as paid_amount
from typed_rows
where claim_type = 'institutional'
group by claim_id
having count(*) > 1
