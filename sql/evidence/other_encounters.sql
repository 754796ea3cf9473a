-- Findings of a further initial service of the day where the other one is on another claim, of another place, revenue
-- code or billing NPI: each encounter has an initial service of its own, and claims do not show encounters.
with differences as (
    select
        asked_findings.finding_id,
        concat_ws(
            ' and ',
            case
                when own_lines.place_of_service_code <> related_lines.place_of_service_code then 'place of service'
            end,
            case when own_lines.revenue_center_code <> related_lines.revenue_center_code then 'revenue code' end,
            case when own_lines.billing_npi <> related_lines.billing_npi then 'billing NPI' end
        ) as differing
    from asked_findings
    inner join rule_doubts on asked_findings.rule = rule_doubts.rule
    inner join claim_lines as own_lines
        on asked_findings.claim_id = own_lines.claim_id
        and asked_findings.claim_line_number = own_lines.claim_line_number
    inner join claim_lines as related_lines
        on asked_findings.related_claim_id = related_lines.claim_id
        and asked_findings.related_claim_line_number = related_lines.claim_line_number
    where rule_doubts.doubt = 'another encounter' and asked_findings.related_claim_id <> asked_findings.claim_id
)

select finding_id, 'another encounter' as doubt, differing as detail
from differences
where differing <> ''
