-- Institutional claims that carry one paid amount on each of several lines which cannot well have one price: the
-- claim's total repeated, not shares of it. Lines of one charge may have one price, as dialysis sessions or visits on
-- several days have; different services of one day seldom do.
with level_claims as (
    select * from institutional_claims
    where missing_count = 0 and least_amount = most_amount and most_amount <> 0
),

days_of_several_services as (
    select typed_rows.claim_id, typed_rows.claim_line_start_date
    from typed_rows
    inner join level_claims on typed_rows.claim_id = level_claims.claim_id
    where not level_claims.has_several_charges
    group by typed_rows.claim_id, typed_rows.claim_line_start_date
    having
        min(coalesce(typed_rows.hcpcs_code, typed_rows.revenue_center_code, ''))
        <> max(coalesce(typed_rows.hcpcs_code, typed_rows.revenue_center_code, ''))
),

unlike_claims as (
    select distinct claim_id from days_of_several_services
),

repeating_claims as (
    select level_claims.*
    from level_claims
    left join unlike_claims on level_claims.claim_id = unlike_claims.claim_id
    where level_claims.has_several_charges or unlike_claims.claim_id is not null
)

select
    count(*) as claim_count, coalesce(sum(line_count), 0) as line_count,
    cast(coalesce(sum(paid_amount), 0) as decimal(18, 2)) as paid_amount,
    cast(coalesce(sum(most_amount), 0) as decimal(18, 2)) as paid_amount_once_per_claim,
    (select count(*) from institutional_claims) as claims_of_several_lines
from repeating_claims
