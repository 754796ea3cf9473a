-- Claims that final action takes out, with the first cause that applies.
with rivals as (
    select
        claim_id,
        row_number() over (
            partition by original_claim_id order by last_paid_date desc nulls last, claim_id desc
        ) as place
    from adjusting_claims
    where original_claim_id is not null and not is_void
),

causes as (
    select claim_id, 1 as cause_order, 'void' as cause from adjusting_claims
    where is_void
    union all
    select original_claim_id, 2, 'replaced or voided' from adjusting_claims
    where original_claim_id is not null
    union all
    select claim_id, 3, 'not the latest replacement' from rivals
    where place > 1
)

select claim_id, min_by(cause, cause_order) as cause
from causes
group by claim_id
