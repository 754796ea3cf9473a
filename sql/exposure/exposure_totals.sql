-- The headline: potential overpayment and review, each dollar once, never added together.
select
    cast(coalesce(sum(net_overpaid_amount), 0) as decimal(18, 2)) as net_overpaid_amount,
    cast(coalesce(sum(contingent_overpaid_amount), 0) as decimal(18, 2)) as contingent_overpaid_amount,
    cast(coalesce(sum(net_review_amount), 0) as decimal(18, 2)) as net_review_amount,
    count(*) filter (where overpaid_rule is not null) as overpaid_line_count,
    count(*) filter (where review_rule is not null) as review_line_count
from line_exposure
