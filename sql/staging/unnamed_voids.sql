-- Audited claims that void another (8) and name none that the file holds. One that was paid under its own id before
-- voids itself.
with void_claims as (
    select adjusting_claims.claim_id, adjusting_claims.original_claim_id
    from adjusting_claims
    inner join audited_claims on adjusting_claims.claim_id = audited_claims.claim_id
    where adjusting_claims.is_void and not adjusting_claims.has_payment
),

audited_originals as (
    select void_claims.claim_id from void_claims
    inner join audited_claims on void_claims.original_claim_id = audited_claims.claim_id
),

-- Most originals are audited claims: only for the others every row of the file is asked.
sought_originals as (
    select void_claims.claim_id, void_claims.original_claim_id
    from void_claims
    left join audited_originals on void_claims.claim_id = audited_originals.claim_id
    where audited_originals.claim_id is null and void_claims.original_claim_id is not null
),

found_originals as (
    select claim_id from audited_originals
    union
    select sought_originals.claim_id from typed_rows
    inner join sought_originals on typed_rows.claim_id = sought_originals.original_claim_id
)

select distinct void_claims.claim_id
from void_claims
left join found_originals on void_claims.claim_id = found_originals.claim_id
where found_originals.claim_id is null
