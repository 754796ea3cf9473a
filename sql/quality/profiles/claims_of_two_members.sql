-- Lines of claims, of those that a rule can use, on which the plan paid for two members: one claim id for two claims.
select
    cast(coalesce(sum(line_count), 0) as bigint) as line_count, count(distinct claim_id) as claim_count,
    cast(coalesce(sum(paid_amount), 0) as decimal(18, 2)) as paid_amount,
    (select count(*) from audited_rows) as population_count
from shared_claim_ids
