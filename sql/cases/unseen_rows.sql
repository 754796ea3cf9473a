-- One row per finding that stands open in the case-management tool and that this run does not have. The ledger says
-- whether that settles it: gone, replaced or closed. A line that was not looked at again, or could not be judged,
-- proves nothing: such a finding stays open. Where this run credits the dollars of its line, or of the line that
-- replaces it, to another rule, it gives up as many, so that no dollar stands in two cases; it then has no hash, and is
-- sent anew once it is seen again.
with unseen_findings as (
    select
        exported_rows.*, finding_status.status, finding_status.status_reason,
        coalesce(finding_status.status in ('gone', 'superseded', 'closed'), false) as is_settled,
        coalesce(line_exposure.net_overpaid_amount, 0) as line_overpaid_amount,
        coalesce(line_exposure.net_review_amount, 0) as line_review_amount
    from exported_rows
    left join findings on exported_rows.finding_id = findings.finding_id
    left join finding_status on exported_rows.finding_id = finding_status.finding_id
    left join line_exposure
        on coalesce(finding_status.standing_claim_id, exported_rows.claim_id) = line_exposure.claim_id
        and coalesce(finding_status.standing_claim_line_number, exported_rows.claim_line_number)
        = line_exposure.claim_line_number
    where exported_rows.is_open and findings.finding_id is null
),

left_amounts as (
    select
        finding_id,
        case
            when is_settled then 0
            else least(net_overpaid_amount, greatest(seen_net_overpaid_amount - line_overpaid_amount, 0))
        end as overpaid_left,
        case
            when is_settled then 0
            else least(net_review_amount, greatest(seen_net_review_amount - line_review_amount, 0))
        end as review_left
    from unseen_findings
)

select
    unseen_findings.* exclude (
        is_open, net_overpaid_amount, contingent_overpaid_amount, net_review_amount, row_sha256, is_settled,
        line_overpaid_amount, line_review_amount, seen_net_overpaid_amount, seen_net_review_amount
    ),
    not unseen_findings.is_settled as is_open,
    unseen_findings.is_settled
    or unseen_findings.net_overpaid_amount <> left_amounts.overpaid_left
    or unseen_findings.net_review_amount <> left_amounts.review_left as is_changed,
    cast(left_amounts.overpaid_left as decimal(18, 2)) as net_overpaid_amount,
    cast(least(unseen_findings.contingent_overpaid_amount, left_amounts.overpaid_left) as decimal(18, 2))
        as contingent_overpaid_amount,
    cast(left_amounts.review_left as decimal(18, 2)) as net_review_amount,
    '' as row_sha256
from unseen_findings
inner join left_amounts on unseen_findings.finding_id = left_amounts.finding_id
