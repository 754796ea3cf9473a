-- Institutional claims that carry one paid amount on each of several lines: the claim's total repeated, not shares
-- of it.
with institutional_claims as (
    select
        claim_id, count(*) as line_count, min(paid_amount) as least_amount, max(paid_amount) as most_amount,
        count(*) filter (where paid_amount is null) as missing_count, sum(paid_amount) as paid_amount
    from typed_rows
    where claim_type = 'institutional'
    group by claim_id
),

repeating_claims as (
    select * from institutional_claims
    where line_count > 1 and missing_count = 0 and least_amount = most_amount and most_amount <> 0
)

select
    count(*) as claim_count, coalesce(sum(line_count), 0) as line_count,
    cast(coalesce(sum(paid_amount), 0) as decimal(18, 2)) as paid_amount,
    cast(coalesce(sum(most_amount), 0) as decimal(18, 2)) as paid_amount_once_per_claim,
    (select count(*) from institutional_claims where line_count > 1) as claims_of_several_lines
from repeating_claims
