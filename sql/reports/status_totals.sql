-- What became of every finding that the ledger knows since the last run, by status; dollars net, as last seen. Counted
-- by finding: a dollar that passed to another rule or claim stands in both rows, so the rows are no sum; the road from
-- identified to recovered counts each dollar once.
with statuses as (
    select 1 as position, 'new' as status, 'New: first seen in this run' as meaning
    union all
    select 2, 'changed', 'Changed: another outcome or amount than before, or seen again after it was gone'
    union all
    select 3, 'open', 'Open: as before'
    union all
    select 4, 'closed', 'Closed: recovered, overturned or written off, and not changed since'
    union all
    select 5, 'gone', 'Gone: the line was audited again, and the finding does not stand any more'
    union all
    select 6, 'superseded', 'Superseded: the claim was voided, or replaced by one that was audited'
    union all
    select 7, 'not_seen', 'Not seen: the line, or the one that replaces it, was not audited or could not be judged'
),

counted_findings as (
    select
        status,
        count(*) as finding_count,
        count(*) filter (where is_raised_again) as raised_again_count,
        sum(net_overpaid_amount) as net_overpaid_amount,
        sum(net_review_amount) as net_review_amount
    from finding_status
    group by status
)

select
    statuses.position, statuses.status, statuses.meaning,
    coalesce(counted_findings.finding_count, 0) as finding_count,
    coalesce(counted_findings.raised_again_count, 0) as raised_again_count,
    cast(coalesce(counted_findings.net_overpaid_amount, 0) as decimal(18, 2)) as net_overpaid_amount,
    cast(coalesce(counted_findings.net_review_amount, 0) as decimal(18, 2)) as net_review_amount
from statuses
left join counted_findings on statuses.status = counted_findings.status
order by statuses.position
