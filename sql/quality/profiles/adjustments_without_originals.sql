-- Replacements and voids whose original claim is not named or not in the file, and lines that were taken back without
-- having been paid here.
with adjusting_ids as (
    select claim_id, bool_or(original_claim_id in (select claim_id from claim_totals)) as has_original
    from adjusting_claims
    group by claim_id
),

orphan_claims as (
    select claim_totals.claim_id, claim_totals.line_count, claim_totals.paid_amount
    from adjusting_ids
    inner join claim_totals on adjusting_ids.claim_id = claim_totals.claim_id
    where adjusting_ids.has_original is not true
    union all
    select claim_id, 1 as line_count, paid_amount from netted_lines
    where paid_amount < 0 and claim_id not in (select claim_id from adjusting_ids)
)

select
    cast(coalesce(sum(line_count), 0) as bigint) as line_count, count(distinct claim_id) as claim_count,
    cast(coalesce(sum(paid_amount), 0) as decimal(18, 2)) as paid_amount,
    (select cast(coalesce(sum(line_count), 0) as bigint) from claim_totals) as population_count
from orphan_claims
