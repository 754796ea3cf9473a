-- The exposed lines that the filters keep. A line's net overpaid stays where the finding credited with it is kept, and
-- its net review likewise, so that what several filters give adds up to the whole.
select
    line_exposure.claim_id,
    line_exposure.claim_line_number,
    line_exposure.member_id,
    line_exposure.provider_id,
    line_exposure.hcpcs_code,
    line_exposure.claim_line_start_date,
    line_exposure.paid_amount,
    line_exposure.rules,
    overpaid.rule as overpaid_rule,
    reviewed.rule as review_rule,
    case when overpaid.rule is not null then line_exposure.net_overpaid_amount else 0.00 end as net_overpaid_amount,
    case when overpaid.rule is not null then line_exposure.contingent_overpaid_amount else 0.00 end
        as contingent_overpaid_amount,
    case when reviewed.rule is not null then line_exposure.net_review_amount else 0.00 end as net_review_amount
from line_exposure
left join selected_findings as overpaid
    on
    line_exposure.claim_id = overpaid.claim_id
    and line_exposure.claim_line_number = overpaid.claim_line_number
    and line_exposure.overpaid_rule = overpaid.rule
    and overpaid.outcome = 'overpayment'
left join selected_findings as reviewed
    on
    line_exposure.claim_id = reviewed.claim_id
    and line_exposure.claim_line_number = reviewed.claim_line_number
    and line_exposure.review_rule = reviewed.rule
    and reviewed.outcome = 'review'
where overpaid.rule is not null or reviewed.rule is not null
