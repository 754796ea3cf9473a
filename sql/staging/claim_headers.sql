-- What the lines of a claim say of the whole claim, of claims with a line that lacks its provider or its type: the one
-- provider that the others name, null where they name several; and that a claim with a type of bill is institutional,
-- unless a line of it says otherwise.
with wanting_claims as (
    select distinct typed_rows.claim_id
    from typed_rows
    inner join audited_claims on typed_rows.claim_id = audited_claims.claim_id
    where
        (typed_rows.billing_tin is null and typed_rows.billing_npi is null)
        or coalesce(typed_rows.claim_type, '') not in ('professional', 'institutional')
)

select
    standing_rows.claim_id, standing_rows.member_id,
    case
        when count(distinct coalesce(standing_rows.billing_tin, standing_rows.billing_npi)) = 1
        then min(coalesce(standing_rows.billing_tin, standing_rows.billing_npi))
    end as provider_id,
    case
        when
            count(standing_rows.bill_type_code) > 0
            and count(*) filter (where standing_rows.claim_type = 'professional') = 0
        then 'institutional'
    end as claim_type
from standing_rows
inner join wanting_claims on standing_rows.claim_id = wanting_claims.claim_id
group by standing_rows.claim_id, standing_rows.member_id
