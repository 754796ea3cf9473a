-- One row per claim line under review: a lead that records, a contract or an older text must settle. Never added to
-- what is demanded. Its amount is what the review adds beyond the line's net overpaid, and beyond what was recovered on
-- the line. A lead that reviewers closed is no open question; another on the same line may still be one.
with credited_reviews as (
    select
        findings.*, rule_wording.rule_number, rule_wording.title as rule_title,
        cast(greatest(
            findings.amount
            - greatest(line_exposure.net_overpaid_amount, finding_standings.line_recovered_amount), 0
        ) as decimal(18, 2)) as review_amount,
        rule_wording.documents,
        row_number() over (
            partition by findings.claim_id, findings.claim_line_number
            order by findings.amount desc, rule_wording.rule_number
        ) as place
    from findings
    inner join rule_wording on findings.rule = rule_wording.rule
    inner join finding_standings on findings.finding_id = finding_standings.finding_id
    inner join line_exposure
        on findings.claim_id = line_exposure.claim_id and findings.claim_line_number = line_exposure.claim_line_number
    where findings.outcome = 'review' and not finding_standings.is_closed
)

select
    credited_reviews.provider_id, credited_reviews.claim_id, credited_reviews.claim_line_number,
    credited_reviews.member_id, credited_reviews.claim_line_start_date, credited_reviews.claim_line_end_date,
    credited_reviews.paid_date, credited_reviews.hcpcs_code, code_labels.label as code_label,
    credited_reviews.modifiers, credited_reviews.place_of_service_code, credited_reviews.service_unit_quantity,
    credited_reviews.paid_amount, credited_reviews.review_amount,
    credited_reviews.rule_title, credited_reviews.reason,
    coalesce(own_related_lines.related_service, 'the claim line itself') as related_service,
    own_related_lines.related_claim_id, own_related_lines.related_claim_line_number,
    credited_reviews.documents, credited_reviews.policy_section, credited_reviews.policy_text,
    credited_reviews.finding_id
from credited_reviews
left join own_related_lines on credited_reviews.finding_id = own_related_lines.finding_id
left join code_labels on credited_reviews.hcpcs_code = code_labels.hcpcs_code
where credited_reviews.place = 1
