-- Claims that final action takes out, with the first cause that applies.
with causes as (
    select claim_id, 1 as cause_order, 'void' as cause from adjusting_claims
    where is_void
    union all
    select original_claim_id, 2, 'replaced or voided' from adjusting_claims
    where original_claim_id is not null
    union all
    select claim_id, 3, 'not the latest replacement' from lost_branches
)

select claim_id, min_by(cause, cause_order) as cause
from causes
group by claim_id
