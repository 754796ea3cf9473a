-- One row: how the run's own net amounts and what stands open in the case-management tool after this export meet.
with seen as (
    select
        sum(net_overpaid_amount) as net_overpaid_amount, sum(net_review_amount) as net_review_amount,
        count(*) filter (where is_open) as open_finding_count
    from case_rows
),

unseen as (
    select
        count(*) as not_seen_finding_count, sum(net_overpaid_amount) as net_overpaid_amount,
        sum(net_review_amount) as net_review_amount
    from unseen_rows
    where is_open
),

run_totals as (
    select sum(net_overpaid_amount) as net_overpaid_amount, sum(net_review_amount) as net_review_amount
    from line_exposure
)

select
    cast(coalesce(run_totals.net_overpaid_amount, 0) as decimal(18, 2)) as run_net_overpaid_amount,
    cast(coalesce(run_totals.net_overpaid_amount, 0) - coalesce(seen.net_overpaid_amount, 0) as decimal(18, 2))
        as closed_net_overpaid_amount,
    cast(coalesce(unseen.net_overpaid_amount, 0) as decimal(18, 2)) as not_seen_net_overpaid_amount,
    cast(coalesce(seen.net_overpaid_amount, 0) + coalesce(unseen.net_overpaid_amount, 0) as decimal(18, 2))
        as open_net_overpaid_amount,
    cast(coalesce(run_totals.net_review_amount, 0) as decimal(18, 2)) as run_net_review_amount,
    cast(coalesce(run_totals.net_review_amount, 0) - coalesce(seen.net_review_amount, 0) as decimal(18, 2))
        as closed_net_review_amount,
    cast(coalesce(unseen.net_review_amount, 0) as decimal(18, 2)) as not_seen_net_review_amount,
    cast(coalesce(seen.net_review_amount, 0) + coalesce(unseen.net_review_amount, 0) as decimal(18, 2))
        as open_net_review_amount,
    seen.open_finding_count + unseen.not_seen_finding_count as open_finding_count, unseen.not_seen_finding_count
from seen
cross join unseen
cross join run_totals
