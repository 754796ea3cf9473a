-- Lines with findings whose payment, or that of the line which shows them, may have been taken back under another claim
-- id: how many, and their net dollars. Review is never added to overpayment.
with reversed_lines as (
    select distinct
        findings.claim_id,
        findings.claim_line_number
    from reversed_findings
    inner join findings on reversed_findings.finding_id = findings.finding_id
)

select
    count(*) filter (where line_exposure.net_overpaid_amount > 0) as overpaid_line_count,
    cast(coalesce(sum(line_exposure.net_overpaid_amount), 0) as decimal(18, 2)) as net_overpaid_amount,
    count(*) filter (where line_exposure.net_review_amount > 0) as review_line_count,
    cast(coalesce(sum(line_exposure.net_review_amount), 0) as decimal(18, 2)) as net_review_amount
from line_exposure
inner join reversed_lines
    on line_exposure.claim_id = reversed_lines.claim_id
    and line_exposure.claim_line_number = reversed_lines.claim_line_number
