-- One row per provider and ground on which a notice leaves dollars out: its lines, each once, and their dollars.
with lines as (
    select provider_id, ground, claim_id, claim_line_number, sum(not_demanded_amount) as amount
    from handout_not_demanded
    group by provider_id, ground, claim_id, claim_line_number
)

select provider_id, ground, count(*) as line_count, cast(sum(amount) as decimal(18, 2)) as amount
from lines
group by provider_id, ground
