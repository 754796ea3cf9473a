-- What members owed on the lines with net overpaid dollars: the whole of each line's share, since claims do not say how
-- much of it belongs to the overpaid part. It stands beside the walk and is in none of its steps.
with overpaid_lines as (
    select
        claim_lines.coinsurance_amount,
        claim_lines.copayment_amount,
        claim_lines.deductible_amount
    from selected_exposure
    inner join claim_lines
        on
        selected_exposure.claim_id = claim_lines.claim_id
        and selected_exposure.claim_line_number = claim_lines.claim_line_number
    where selected_exposure.net_overpaid_amount > 0
),

shares as (
    select
        unnest(['Coinsurance', 'Copayment', 'Deductible']) as share,
        unnest([1, 2, 3]) as position,
        unnest([coinsurance_amount, copayment_amount, deductible_amount]) as amount
    from overpaid_lines
)

select
    case when grouping(share) = 1 then 'All shares' else share end as share,
    case when grouping(share) = 0 then count(amount) end as supplied_line_count,
    case when grouping(share) = 0 then count(*) - count(amount) end as missing_line_count,
    case when grouping(share) = 0 then count(*) filter (where amount <> 0) end as share_line_count,
    cast(coalesce(sum(amount), 0) as decimal(18, 2)) as member_amount,
    grouping(share) = 1 as is_total
from shares
group by grouping sets ((share, position), ())
having count(*) > 0
order by is_total, position
