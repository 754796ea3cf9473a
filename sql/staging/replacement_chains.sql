-- Every replacement with those that replaced it in turn, up to eight generations on; branches of a fork are followed
-- no farther.
with replacements as (
    select claim_id, original_claim_id, last_paid_date from adjusting_claims
    where original_claim_id is not null and not is_void
),

next_links as (
    select distinct earlier.claim_id, later.claim_id as later_claim_id
    from replacements as earlier
    inner join replacements as later on earlier.claim_id = later.original_claim_id
),

two_generations as (
    select claim_id, later_claim_id from next_links
    union
    select earlier.claim_id, later.later_claim_id
    from next_links as earlier
    inner join next_links as later on earlier.later_claim_id = later.claim_id
),

four_generations as (
    select claim_id, later_claim_id from two_generations
    union
    select earlier.claim_id, later.later_claim_id
    from two_generations as earlier
    inner join two_generations as later on earlier.later_claim_id = later.claim_id
),

eight_generations as (
    select claim_id, later_claim_id from four_generations
    union
    select earlier.claim_id, later.later_claim_id
    from four_generations as earlier
    inner join four_generations as later on earlier.later_claim_id = later.claim_id
),

paid_dates as (
    select distinct claim_id, last_paid_date from replacements
)

select eight_generations.claim_id, eight_generations.later_claim_id, paid_dates.last_paid_date
from eight_generations
inner join paid_dates on eight_generations.later_claim_id = paid_dates.claim_id
