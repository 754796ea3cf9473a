-- Audited claims that void another (8) and name none that the file holds. One that was paid under its own id before
-- voids itself.
with void_claims as (
    select adjusting_claims.claim_id, adjusting_claims.original_claim_id
    from adjusting_claims
    inner join audited_claims on adjusting_claims.claim_id = audited_claims.claim_id
    where adjusting_claims.is_void
),

found_originals as (
    select void_claims.claim_id from void_claims
    inner join typed_rows on void_claims.original_claim_id = typed_rows.claim_id
    union
    select void_claims.claim_id from void_claims
    inner join typed_rows on void_claims.claim_id = typed_rows.claim_id
    where
        typed_rows.paid_amount > 0
        and coalesce(
            typed_rows.claim_frequency_code,
            case when length(typed_rows.bill_type_code) = 3 then right(typed_rows.bill_type_code, 1) end,
            ''
        ) <> '8'
)

select distinct void_claims.claim_id
from void_claims
left join found_originals on void_claims.claim_id = found_originals.claim_id
where found_originals.claim_id is null
