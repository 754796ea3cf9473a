-- Every finding with what an auditor of the audit asks of it; the nets of its line recomputed on another road.
with line_amounts as (
    select
        claim_id, claim_line_number,
        max(case when outcome = 'overpayment' then amount else 0 end) as overpaid_amount,
        max(case when outcome = 'review' then amount else 0 end) as review_amount
    from findings
    group by claim_id, claim_line_number
),

line_checks as (
    select
        line_amounts.claim_id, line_amounts.claim_line_number,
        coalesce(
            line_exposure.net_overpaid_amount = line_amounts.overpaid_amount
            and line_exposure.net_review_amount
            = greatest(line_amounts.review_amount - line_amounts.overpaid_amount, 0),
            false
        ) as is_net_right
    from line_amounts
    left join line_exposure
        on line_amounts.claim_id = line_exposure.claim_id
        and line_amounts.claim_line_number = line_exposure.claim_line_number
),

total_checks as (
    select
        exposure_totals.net_overpaid_amount = coalesce(sum(line_exposure.net_overpaid_amount), 0)
        and exposure_totals.net_review_amount = coalesce(sum(line_exposure.net_review_amount), 0)
        and coalesce(sum(line_exposure.net_overpaid_amount + line_exposure.net_review_amount), 0)
        <= coalesce(sum(greatest(line_exposure.paid_amount, 0)), 0) as is_total_right
    from exposure_totals
    left join line_exposure on line_exposure.claim_id is not null
    group by exposure_totals.net_overpaid_amount, exposure_totals.net_review_amount
)

select
    findings.finding_id, findings.rule, findings.outcome, findings.amount, findings.reason,
    greatest(findings.paid_amount, 0) as recoverable_amount,
    claim_lines.claim_id is not null as is_line_found,
    coalesce(claim_lines.is_allowed and claim_lines.is_in_scope, false) as is_line_auditable,
    case when findings.related_claim_id is not null then related_lines.claim_id is not null end
        as is_related_line_found,
    case when related_lines.claim_id is not null then related_lines.member_id = findings.member_id end
        as is_related_line_of_member,
    line_checks.is_net_right,
    total_checks.is_total_right
from findings
cross join total_checks
left join claim_lines
    on findings.claim_id = claim_lines.claim_id and findings.claim_line_number = claim_lines.claim_line_number
left join claim_lines as related_lines
    on findings.related_claim_id = related_lines.claim_id
    and findings.related_claim_line_number = related_lines.claim_line_number
left join line_checks
    on findings.claim_id = line_checks.claim_id and findings.claim_line_number = line_checks.claim_line_number
