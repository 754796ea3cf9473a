-- One row per claim line under review: a lead that records, a contract or an older text must settle. Never added to
-- what is demanded. Its amount is what the review adds beyond the line's net overpaid.
with credited_reviews as (
    select
        findings.*, rule_wording.rule_number, rule_wording.title as rule_title, line_exposure.net_review_amount,
        rule_wording.documents
    from findings
    inner join rule_wording on findings.rule = rule_wording.rule
    inner join line_exposure
        on findings.claim_id = line_exposure.claim_id and findings.claim_line_number = line_exposure.claim_line_number
        and findings.rule = line_exposure.review_rule
    where findings.outcome = 'review'
)

select
    credited_reviews.provider_id, credited_reviews.claim_id, credited_reviews.claim_line_number,
    credited_reviews.member_id, credited_reviews.claim_line_start_date, credited_reviews.claim_line_end_date,
    credited_reviews.paid_date, credited_reviews.hcpcs_code, code_labels.label as code_label,
    credited_reviews.modifiers, credited_reviews.place_of_service_code, credited_reviews.service_unit_quantity,
    credited_reviews.paid_amount, credited_reviews.net_review_amount as review_amount,
    credited_reviews.rule_title, credited_reviews.reason,
    coalesce(own_related_lines.related_service, 'the claim line itself') as related_service,
    own_related_lines.related_claim_id, own_related_lines.related_claim_line_number,
    credited_reviews.documents, credited_reviews.policy_section, credited_reviews.policy_text,
    credited_reviews.finding_id
from credited_reviews
left join own_related_lines on credited_reviews.finding_id = own_related_lines.finding_id
left join code_labels on credited_reviews.hcpcs_code = code_labels.hcpcs_code
