-- Claims that another claim replaced or voided, with the one that stands instead: the latest replacement or the void.
with successors as (
    select
        original_claim_id, claim_id, is_void,
        row_number() over (
            partition by original_claim_id order by is_void, last_paid_date desc nulls last, claim_id desc
        ) as place
    from adjusting_claims
    where original_claim_id is not null
),

links as (
    select original_claim_id as claim_id, claim_id as replaced_by_claim_id, is_void as is_voided, 1 as link_order
    from successors
    where place = 1
    union all
    select rivals.claim_id, winners.claim_id as replaced_by_claim_id, false as is_voided, 2 as link_order
    from successors as rivals
    inner join successors as winners on rivals.original_claim_id = winners.original_claim_id
    where rivals.place > 1 and not rivals.is_void and winners.place = 1
),

ranked_links as (
    select
        claim_id, replaced_by_claim_id, is_voided,
        row_number() over (partition by claim_id order by link_order, replaced_by_claim_id) as place
    from links
)

select claim_id, replaced_by_claim_id, is_voided
from ranked_links
where place = 1
