-- The line of a replacement that stands in place of a line, as the findings that go on with each other's history say:
-- one at most, and for no two lines of a claim the same, so that no line has the dollars of two.
with line_pairs as (
    select
        elders.claim_id, elders.claim_line_number, heirs.claim_id as heir_claim_id,
        heirs.claim_line_number as heir_line_number, count(*) as finding_count
    from all_inheritances
    inner join known_findings as elders on all_inheritances.inherits_from_finding_id = elders.finding_id
    inner join known_findings as heirs on all_inheritances.finding_id = heirs.finding_id
    group by elders.claim_id, elders.claim_line_number, heirs.claim_id, heirs.claim_line_number
),

ranked_pairs as (
    select
        line_pairs.*,
        row_number() over (
            partition by line_pairs.claim_id, line_pairs.claim_line_number
            order by
                case when line_pairs.heir_claim_id = claim_heirs.heir_claim_id then 0 else 1 end,
                line_pairs.finding_count desc, line_pairs.heir_claim_id, line_pairs.heir_line_number
        ) as place
    from line_pairs
    left join claim_heirs on line_pairs.claim_id = claim_heirs.claim_id
),

first_pairs as (
    select
        *,
        row_number() over (
            partition by claim_id, heir_claim_id, heir_line_number order by finding_count desc, claim_line_number
        ) as heir_place
    from ranked_pairs
    where place = 1
)

select claim_id, claim_line_number, heir_claim_id, heir_line_number
from first_pairs
where heir_place = 1
