-- One row per known finding with the net dollars of its line that are its own. Those of a finding that reviewers gave
-- up (overturned or written off) go on to the largest one of its outcome that the same run saw on the line and that is
-- not given up, as far as that one puts them in question for itself: what is still asked for is not told as closed. A
-- review holds only what it adds to the line's overpayment, so what passes is counted from the two amounts' difference.
-- Amounts of a finding that this run does not have stay as they were: sql/reports/standing_findings.sql shares them.
with ranked_findings as (
    select
        weighed_findings.finding_id, weighed_findings.claim_id, weighed_findings.claim_line_number,
        weighed_findings.outcome, weighed_findings.last_run_number, weighed_findings.is_seen, weighed_findings.amount,
        weighed_findings.net_overpaid_amount, weighed_findings.net_review_amount,
        weighed_findings.net_overpaid_amount + weighed_findings.net_review_amount as net_amount,
        coalesce(decided_statuses.status = 'closed' and weighed_findings.last_disposition <> 'recovered', false)
            as is_given_up,
        row_number() over (
            partition by
                weighed_findings.claim_id, weighed_findings.claim_line_number, weighed_findings.outcome,
                weighed_findings.last_run_number, is_given_up
            order by weighed_findings.amount desc, run_rules.rule_number, weighed_findings.rule
        ) as place
    from weighed_findings
    inner join decided_statuses on weighed_findings.finding_id = decided_statuses.finding_id
    left join run_rules on weighed_findings.rule = run_rules.rule
),

passed_amounts as (
    select
        given_up.finding_id, given_up.is_seen, standing.finding_id as heir_finding_id,
        greatest(given_up.net_amount - (given_up.amount - standing.amount), 0.00) as passed_amount
    from ranked_findings as given_up
    inner join ranked_findings as standing
        on given_up.claim_id = standing.claim_id and given_up.claim_line_number = standing.claim_line_number
        and given_up.outcome = standing.outcome and given_up.last_run_number = standing.last_run_number
    where given_up.is_given_up and given_up.net_amount > 0 and not standing.is_given_up and standing.place = 1
),

changes as (
    select finding_id, -passed_amount as change_amount from passed_amounts
    where is_seen
    union all
    select heir_finding_id as finding_id, passed_amount as change_amount from passed_amounts
)

select
    ranked_findings.finding_id,
    cast(
        ranked_findings.net_overpaid_amount
        + case when ranked_findings.outcome = 'overpayment' then coalesce(changes.change_amount, 0.00) else 0.00 end
        as decimal(18, 2)
    ) as net_overpaid_amount,
    cast(
        ranked_findings.net_review_amount
        + case when ranked_findings.outcome = 'review' then coalesce(changes.change_amount, 0.00) else 0.00 end
        as decimal(18, 2)
    ) as net_review_amount
from ranked_findings
left join changes on ranked_findings.finding_id = changes.finding_id
