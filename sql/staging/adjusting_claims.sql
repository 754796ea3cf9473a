-- Claims that replace (7) or void (8), with the claims that they name; one row per claim and claim named. Whether they
-- hold a payment of their own that is no void is said too.
-- An id of zeros, nines or marks alone, or a word for none, is what systems write where they know none: claims that
-- share it replace nothing.
with adjusting as (
    select distinct claim_id from typed_rows
    where frequency_code in ('7', '8')
),

adjusting_rows as (
    select
        typed_rows.claim_id, typed_rows.original_claim_id, typed_rows.paid_date, typed_rows.paid_amount,
        typed_rows.frequency_code
    from typed_rows
    inner join adjusting on typed_rows.claim_id = adjusting.claim_id
),

last_rows as (
    select
        claim_id,
        max(paid_date) as last_paid_date,
        bool_or(frequency_code = '8') as has_void,
        bool_or(frequency_code = '7') as has_replacement,
        max(case when frequency_code = '8' then coalesce(paid_date, date '0001-01-01') end) as last_void_date,
        max(case when frequency_code = '7' then coalesce(paid_date, date '0001-01-01') end)
            as last_replacement_date,
        sum(case when frequency_code = '8' then paid_amount else 0 end) as voided_amount,
        coalesce(bool_or(coalesce(frequency_code, '') <> '8' and paid_amount > 0), false) as has_payment
    from adjusting_rows
    group by claim_id
),

-- A claim that was taken back and paid anew under its own id stands: its rows are netted.
claims as (
    select
        claim_id, last_paid_date, has_payment,
        has_void and not (
            has_replacement and last_replacement_date >= last_void_date and coalesce(voided_amount, 0) < 0
        ) as is_void
    from last_rows
),

named_claims as (
    select distinct claim_id, original_claim_id
    from adjusting_rows
    where
        original_claim_id <> claim_id
        and not regexp_matches(
            lower(original_claim_id), '^(0+|9+|[-_./?* ]+|n/?a|none|nil|unk|unknown|missing|not available)$'
        )
)

select
    claims.claim_id, claims.is_void, claims.has_payment, claims.last_paid_date, named_claims.original_claim_id
from claims
left join named_claims on claims.claim_id = named_claims.claim_id
