-- The last claim of each chain of replacements. `union` ends a chain that leads back into itself.
with recursive chains as (
    select claim_id, replaced_by_claim_id as heir_claim_id, is_voided from claim_links
    union
    select chains.claim_id, claim_links.replaced_by_claim_id as heir_claim_id, claim_links.is_voided
    from chains
    inner join claim_links on chains.heir_claim_id = claim_links.claim_id
)

select chains.claim_id, chains.heir_claim_id, chains.is_voided
from chains
left join claim_links on chains.heir_claim_id = claim_links.claim_id
where claim_links.claim_id is null
