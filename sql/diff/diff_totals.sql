-- Differences by change and cause. Gained and lost count up; changed is B less A: B - A = gained - lost + changed.
select
    change, cause, count(*) as finding_count,
    cast(sum(
        case when change = 'lost' then net_overpaid_a else net_overpaid_b - net_overpaid_a end
    ) as decimal(18, 2)) as net_overpaid_amount,
    cast(sum(
        case when change = 'lost' then net_review_a else net_review_b - net_review_a end
    ) as decimal(18, 2)) as net_review_amount
from finding_causes
group by change, cause
