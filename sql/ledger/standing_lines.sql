-- Every line with a finding, and the line on which its dollars stand now: its own, or the last that replaces it.
with recursive chains as (
    select
        claim_id, claim_line_number, claim_id as standing_claim_id, claim_line_number as standing_claim_line_number
    from finding_lines
    union
    select
        chains.claim_id, chains.claim_line_number, line_heirs.heir_claim_id as standing_claim_id,
        line_heirs.heir_line_number as standing_claim_line_number
    from chains
    inner join line_heirs
        on chains.standing_claim_id = line_heirs.claim_id
        and chains.standing_claim_line_number = line_heirs.claim_line_number
)

select
    chains.claim_id, chains.claim_line_number, chains.standing_claim_id, chains.standing_claim_line_number
from chains
left join line_heirs
    on chains.standing_claim_id = line_heirs.claim_id
    and chains.standing_claim_line_number = line_heirs.claim_line_number
where line_heirs.claim_id is null
