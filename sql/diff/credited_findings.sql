-- Every finding of both runs with the net dollars that its line credits to it: over a run they add up to its net.
with both_findings as (
    select 'a' as run, findings_a.* from findings_a
    union all by name
    select 'b' as run, findings_b.* from findings_b
),

both_exposures as (
    select 'a' as run, line_exposure_a.* from line_exposure_a
    union all by name
    select 'b' as run, line_exposure_b.* from line_exposure_b
)

select
    both_findings.run, both_findings.rule, both_findings.claim_id, both_findings.claim_line_number,
    both_findings.member_id, both_findings.provider_id, both_findings.hcpcs_code,
    both_findings.outcome, both_findings.amount,
    case when both_findings.rule = both_exposures.overpaid_rule then both_exposures.net_overpaid_amount else 0.00 end
        as net_overpaid_amount,
    case when both_findings.rule = both_exposures.review_rule then both_exposures.net_review_amount else 0.00 end
        as net_review_amount
from both_findings
inner join both_exposures
    on both_findings.run = both_exposures.run
    and both_findings.claim_id = both_exposures.claim_id
    and both_findings.claim_line_number = both_exposures.claim_line_number
