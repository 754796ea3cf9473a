-- Institutional claims whose whole payment stands on one line, with all others, two at least, charged and neither paid
-- nor denied: the header's amount, or a case rate.
with one_line_claims as (
    select line_count, paid_amount from claim_totals
    where
        is_institutional and paid_line_count = 1 and unpaid_charge_count >= 2
        and unpaid_charge_count = line_count - 1
)

select
    cast(coalesce(sum(line_count), 0) as bigint) as line_count, count(*) as claim_count,
    cast(coalesce(sum(paid_amount), 0) as decimal(18, 2)) as paid_amount,
    (select cast(coalesce(sum(line_count), 0) as bigint) from claim_totals where is_institutional) as population_count
from one_line_claims
