-- Kinds of evidence, the one of which a single piece settles the most dollars first.
select
    evidence,
    count(distinct evidence_key) as request_count,
    count(*) as line_count,
    count(distinct claim_id) as claim_count,
    cast(sum(net_review_amount) as decimal(18, 2)) as net_review_amount,
    cast(round(cast(sum(net_review_amount) as double) / count(distinct evidence_key), 2) as decimal(18, 2))
        as per_request_amount
from lead_lines
group by evidence
order by per_request_amount desc, evidence
