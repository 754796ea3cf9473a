-- Of several replacements of one claim, those that do not stand, with all that replaced them in turn: the replacement
-- stands in whose branch a claim was paid last (missing = earliest; then the highest claim id). Else both ends would
-- stand, and one service would count twice.
with branches as (
    select original_claim_id, claim_id as rival_claim_id, claim_id, last_paid_date from adjusting_claims
    where original_claim_id is not null and not is_void
    union
    select
        adjusting_claims.original_claim_id, adjusting_claims.claim_id as rival_claim_id,
        replacement_chains.later_claim_id as claim_id, replacement_chains.last_paid_date
    from adjusting_claims
    inner join replacement_chains on adjusting_claims.claim_id = replacement_chains.claim_id
    where adjusting_claims.original_claim_id is not null and not adjusting_claims.is_void
),

ranked_branches as (
    select
        *,
        row_number() over (
            partition by original_claim_id
            order by last_paid_date desc nulls last, claim_id desc, rival_claim_id desc
        ) as place
    from branches
),

winners as (
    select original_claim_id, rival_claim_id from ranked_branches
    where place = 1
)

select branches.original_claim_id, branches.claim_id, min(winners.rival_claim_id) as replaced_by_claim_id
from branches
inner join winners
    on branches.original_claim_id = winners.original_claim_id and branches.rival_claim_id <> winners.rival_claim_id
-- A claim that replaced both rivals belongs to the branch that stands.
left join branches as standing_branches
    on winners.original_claim_id = standing_branches.original_claim_id
    and winners.rival_claim_id = standing_branches.rival_claim_id
    and branches.claim_id = standing_branches.claim_id
where standing_branches.claim_id is null
group by branches.original_claim_id, branches.claim_id
