-- What of the findings that the filters keep reviewers closed, and recovered of those that are open: one row. Dollars
-- are net, and stand with the finding that still asks for them where another one of the line was given up.
select
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
