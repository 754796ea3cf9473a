-- Each headline computed anew on other roads through the run's files: both sides of a row must be equal.
with finding_lines as (
    select
        claim_id,
        claim_line_number,
        max(amount) filter (where outcome = 'overpayment') as overpaid_amount,
        max(amount) filter (where outcome = 'review') as review_amount
    from findings
    group by claim_id, claim_line_number
),

manifest_totals as (
    select body -> 'totals' as totals
    from manifest
    cross join selection
    where (body -> 'totals') is not null and not selection.is_filtered
),

road_totals as (
    select
        0 as road_order,
        'Totals that the run itself printed' as road,
        cast(totals ->> 'overpaid_line_count' as bigint) as overpaid_line_count,
        cast(totals ->> 'net_overpaid_amount' as decimal(18, 2)) as net_overpaid_amount,
        cast(totals ->> 'review_line_count' as bigint) as review_line_count,
        cast(totals ->> 'net_review_amount' as decimal(18, 2)) as net_review_amount
    from manifest_totals
    union all by name
    select
        1 as road_order,
        'Findings: the largest of each line' as road,
        count(overpaid_amount) as overpaid_line_count,
        sum(overpaid_amount) as net_overpaid_amount,
        count(review_amount) as review_line_count,
        sum(greatest(review_amount - coalesce(overpaid_amount, 0.00), 0.00)) as net_review_amount
    from selection
    left join finding_lines on true
    having not bool_or(selection.is_filtered)
    union all by name
    select
        2 as road_order,
        'Rules' as road,
        sum(net_overpaid_amount) as net_overpaid_amount,
        sum(net_review_amount) as net_review_amount
    from rule_totals
    where not is_total
    union all by name
    select
        3 as road_order,
        'Months' as road,
        sum(overpaid_line_count) as overpaid_line_count,
        sum(net_overpaid_amount) as net_overpaid_amount,
        sum(review_line_count) as review_line_count,
        sum(net_review_amount) as net_review_amount
    from month_totals
    where not is_total
    union all by name
    select
        4 as road_order,
        'Providers' as road,
        sum(net_overpaid_amount) as net_overpaid_amount,
        sum(net_review_amount) as net_review_amount
    from provider_totals
    where not is_total
    union all by name
    select
        5 as road_order,
        'Codes' as road,
        sum(overpaid_line_count) as overpaid_line_count,
        sum(net_overpaid_amount) as net_overpaid_amount,
        sum(review_line_count) as review_line_count,
        sum(net_review_amount) as net_review_amount
    from code_totals
    where not is_total
),

recomputed_headlines as (
    select
        road_totals.road_order,
        road_totals.road,
        headline.measure,
        headline.line_count as headline_line_count,
        headline.net_amount as headline_amount,
        case
            when headline.measure = 'overpayment' then road_totals.overpaid_line_count
            else road_totals.review_line_count
        end as recomputed_line_count,
        case
            when headline.measure = 'overpayment' then coalesce(road_totals.net_overpaid_amount, 0.00)
            else coalesce(road_totals.net_review_amount, 0.00)
        end as recomputed_amount
    from road_totals
    cross join headline
)

select
    road,
    measure,
    headline_line_count,
    cast(recomputed_line_count as bigint) as recomputed_line_count,
    headline_amount,
    cast(recomputed_amount as decimal(18, 2)) as recomputed_amount,
    headline_amount = recomputed_amount
    and headline_line_count = coalesce(recomputed_line_count, headline_line_count) as is_equal
from recomputed_headlines
order by road_order, measure
