-- Claim ids, of claims that a rule can use, under which the plan paid for two members, with a row for each member that
-- stands there: one id for two claims. A member whose id was corrected, so that nothing is left paid under the former
-- one, is not meant.
with member_claims as (
    select claim_id, member_id, count(*) as line_count, sum(paid_amount) as paid_amount
    from audited_rows
    group by claim_id, member_id
),

shared_claims as (
    select claim_id
    from member_claims
    where paid_amount > 0
    group by claim_id
    having count(*) > 1
)

select member_claims.claim_id, member_claims.member_id, member_claims.line_count, member_claims.paid_amount
from member_claims
inner join shared_claims on member_claims.claim_id = shared_claims.claim_id
