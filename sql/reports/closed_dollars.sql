-- What of the findings that the filters keep reviewers closed, and recovered of those that are open: one row. Dollars
-- are net, and stand with the finding that still asks for them where another one of the line was given up.
-- `is_overpayment_settled`: any potential overpayment was closed or recovered.
with settled_overpayments as (
    select finding_status.finding_id
    from findings
    inner join finding_status on findings.finding_id = finding_status.finding_id
    where findings.outcome = 'overpayment' and (finding_status.status = 'closed' or finding_status.recovered_amount > 0)
)

select
    coalesce(bool_or(settled_overpayments.finding_id is not null), false) as is_overpayment_settled,
    count(*) filter (where finding_status.status = 'closed') as closed_finding_count,
    cast(
        coalesce(sum(finding_status.net_overpaid_amount) filter (where finding_status.status = 'closed'), 0)
        as decimal(18, 2)
    ) as closed_overpaid_amount,
    cast(
        coalesce(sum(finding_status.net_review_amount) filter (where finding_status.status = 'closed'), 0)
        as decimal(18, 2)
    ) as closed_review_amount,
    cast(
        coalesce(
            sum(
                least(
                    finding_status.recovered_amount,
                    finding_status.net_overpaid_amount + finding_status.net_review_amount
                )
            ) filter (where finding_status.status <> 'closed'),
            0
        ) as decimal(18, 2)
    ) as recovered_of_open_amount
from selected_findings
inner join finding_status on selected_findings.finding_id = finding_status.finding_id
left join settled_overpayments on selected_findings.finding_id = settled_overpayments.finding_id
