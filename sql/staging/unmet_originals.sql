-- Audited claims that replace (7) or void (8) another and name none that the file holds. A void that was paid under
-- its own id before voids itself.
with adjustments as (
    select adjusting_claims.claim_id, adjusting_claims.original_claim_id, adjusting_claims.is_void
    from adjusting_claims
    inner join audited_claims on adjusting_claims.claim_id = audited_claims.claim_id
    where not adjusting_claims.is_void or not adjusting_claims.has_payment
),

audited_originals as (
    select adjustments.claim_id from adjustments
    inner join audited_claims on adjustments.original_claim_id = audited_claims.claim_id
),

-- Most originals are audited claims: only for the others every row of the file is asked.
sought_originals as (
    select adjustments.claim_id, adjustments.original_claim_id
    from adjustments
    left join audited_originals on adjustments.claim_id = audited_originals.claim_id
    where audited_originals.claim_id is null and adjustments.original_claim_id is not null
),

found_originals as (
    select claim_id from audited_originals
    union
    select sought_originals.claim_id from typed_rows
    inner join sought_originals on typed_rows.claim_id = sought_originals.original_claim_id
)

select distinct adjustments.claim_id, adjustments.is_void
from adjustments
left join found_originals on adjustments.claim_id = found_originals.claim_id
where found_originals.claim_id is null
