-- The leads of the run that reviewers closed and that have not changed since, which a worklist leaves out: one row.
select
    count(*) as finding_count,
    cast(coalesce(sum(finding_status.net_review_amount), 0) as decimal(18, 2)) as net_review_amount
from findings
inner join finding_status on findings.finding_id = finding_status.finding_id
where findings.outcome = 'review' and finding_status.status = 'closed'
