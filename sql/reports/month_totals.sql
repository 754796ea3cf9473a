-- One row per month with a finding and one total, net of overlap.
select
    period_month,
    count(*) filter (where is_overpaid) as overpaid_line_count,
    count(distinct claim_id) filter (where is_overpaid) as overpaid_claim_count,
    cast(coalesce(sum(net_overpaid_amount), 0) as decimal(18, 2)) as net_overpaid_amount,
    cast(coalesce(sum(contingent_overpaid_amount), 0) as decimal(18, 2)) as contingent_overpaid_amount,
    count(*) filter (where is_under_review) as review_line_count,
    count(distinct claim_id) filter (where is_under_review) as review_claim_count,
    cast(coalesce(sum(net_review_amount), 0) as decimal(18, 2)) as net_review_amount,
    grouping(period_month) = 1 as is_total
from exposed_lines
group by grouping sets ((period_month), ())
having count(*) > 0
order by is_total, period_month nulls last
