-- Claims that another claim replaced or voided, with the one that stands instead: of several replacements the one whose
-- branch stands, or the void; and whether that one has a line which the audit speaks of.
with successors as (
    select
        adjusting_claims.original_claim_id, adjusting_claims.claim_id, adjusting_claims.is_void,
        row_number() over (
            partition by adjusting_claims.original_claim_id
            order by
                adjusting_claims.is_void, lost_branches.claim_id is not null,
                adjusting_claims.last_paid_date desc nulls last, adjusting_claims.claim_id desc
        ) as place
    from adjusting_claims
    left join lost_branches
        on adjusting_claims.original_claim_id = lost_branches.original_claim_id
        and adjusting_claims.claim_id = lost_branches.claim_id
    where adjusting_claims.original_claim_id is not null
),

links as (
    select original_claim_id as claim_id, claim_id as replaced_by_claim_id, is_void as is_voided, 1 as link_order
    from successors
    where place = 1
    union all
    select claim_id, replaced_by_claim_id, false as is_voided, 2 as link_order from lost_branches
),

ranked_links as (
    select
        claim_id, replaced_by_claim_id, is_voided,
        row_number() over (partition by claim_id order by link_order, replaced_by_claim_id) as place
    from links
),

present_lines as (
    select claim_id from claim_lines
    where is_in_scope and is_in_period
    union all
    select claim_id from void_lines
    where is_in_period
),

claims_in_period as (
    select distinct present_lines.claim_id
    from present_lines
    inner join links on present_lines.claim_id = links.replaced_by_claim_id
)

select
    ranked_links.claim_id, ranked_links.replaced_by_claim_id, ranked_links.is_voided,
    claims_in_period.claim_id is not null as is_in_period
from ranked_links
left join claims_in_period on ranked_links.replaced_by_claim_id = claims_in_period.claim_id
where ranked_links.place = 1
