-- Kinds of evidence, the one of which a single piece settles the most dollars first.
with kinds as (
    select
        evidence,
        count(distinct evidence_key) as request_count,
        count(*) as line_count,
        count(distinct claim_id) as claim_count,
        cast(sum(net_review_amount) as decimal(18, 2)) as net_review_amount,
        cast(cast(sum(net_review_amount) as decimal(22, 2)) * 100 as bigint) as net_review_cents
    from lead_lines
    group by evidence
)

select
    evidence, request_count, line_count, claim_count, net_review_amount,
    -- Half up, in whole cents.
    cast(
        cast((net_review_cents * 2 + request_count) // (2 * request_count) as decimal(20, 0)) * 0.01 as decimal(18, 2)
    ) as per_request_amount
from kinds
order by per_request_amount desc, evidence
