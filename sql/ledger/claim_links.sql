-- The claim that stands in place of another, as the latest run saw it.
with seen_links as (
    select run_number, claim_id, replaced_by_claim_id, is_voided from claim_replacements
    union all
    select
        this_run.run_number, replaced_claims.claim_id, replaced_claims.replaced_by_claim_id, replaced_claims.is_voided
    from replaced_claims
    cross join this_run
),

ranked_links as (
    select *, row_number() over (partition by claim_id order by run_number desc) as place
    from seen_links
)

select claim_id, replaced_by_claim_id, is_voided
from ranked_links
where place = 1
