-- Lines of claims, of those that a rule can use, on which the plan paid for two members: one claim id for two claims.
-- A member whose id was corrected, so that nothing is left paid under the former one, is not meant.
with member_claims as (
    select claim_id, member_id, count(*) as line_count, sum(paid_amount) as paid_amount
    from audited_rows
    group by claim_id, member_id
),

shared_claims as (
    select
        claim_id, cast(sum(line_count) as bigint) as line_count, sum(paid_amount) as paid_amount
    from member_claims
    group by claim_id
    having count(case when paid_amount > 0 then 1 end) > 1
)

select
    cast(coalesce(sum(line_count), 0) as bigint) as line_count, count(*) as claim_count,
    cast(coalesce(sum(paid_amount), 0) as decimal(18, 2)) as paid_amount,
    (select count(*) from audited_rows) as population_count
from shared_claims
