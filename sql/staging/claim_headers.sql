-- What the lines of a claim say of the whole claim, of claims with a line that lacks its provider or its type: the one
-- provider that the others name, null where they name several; and that a claim with a type of bill is institutional,
-- unless a line of it says otherwise. What takes money back and stands for no line makes no provider of a standing
-- line: that could make a finding. It counts where another reversal of its claim lacks the provider.
with wanting_claims as (
    select distinct typed_rows.claim_id
    from typed_rows
    inner join audited_claims on typed_rows.claim_id = audited_claims.claim_id
    where
        (typed_rows.billing_tin is null and typed_rows.billing_npi is null)
        or coalesce(typed_rows.claim_type, '') not in ('professional', 'institutional')
),

claim_rows as (
    select
        standing_rows.claim_id, standing_rows.member_id,
        coalesce(standing_rows.billing_tin, standing_rows.billing_npi) as provider_id,
        coalesce(standing_rows.billing_tin, standing_rows.billing_npi) as named_provider_id,
        standing_rows.bill_type_code, standing_rows.claim_type
    from standing_rows
    inner join wanting_claims on standing_rows.claim_id = wanting_claims.claim_id
    union all
    select
        reversal_rows.claim_id, reversal_rows.member_id, null as provider_id,
        reversal_rows.provider_id as named_provider_id, null as bill_type_code, null as claim_type
    from reversal_rows
    inner join wanting_claims on reversal_rows.claim_id = wanting_claims.claim_id
)

select
    claim_id, member_id,
    case when count(distinct provider_id) = 1 then min(provider_id) end as provider_id,
    case when count(distinct named_provider_id) = 1 then min(named_provider_id) end as named_provider_id,
    case
        when count(bill_type_code) > 0 and count(*) filter (where claim_type = 'professional') = 0
        then 'institutional'
    end as claim_type
from claim_rows
group by claim_id, member_id
