-- One row per claim line under review: a lead that records, a contract or an older text must settle. Never added to
-- what is demanded. Its amount is what the review adds beyond the line's net overpaid, and beyond what was recovered on
-- the line. A lead that reviewers closed is no open question; another on the same line may still be one. What the plan
-- turned into a review (an older text, self-funded business, another payer, an override) no record of the provider's
-- settles.
with credited_reviews as (
    select
        open_leads.*, rule_wording.rule_number, rule_wording.title as rule_title,
        cast(greatest(
            open_leads.amount
            - greatest(line_exposure.net_overpaid_amount, finding_standings.line_recovered_amount), 0
        ) as decimal(18, 2)) as review_amount,
        case
            when open_leads.decided_outcome = 'review' then rule_wording.documents else 'the plan''s own papers'
        end as documents,
        row_number() over (
            partition by open_leads.claim_id, open_leads.claim_line_number
            order by open_leads.amount desc, rule_wording.rule_number
        ) as place
    from open_leads
    inner join rule_wording on open_leads.rule = rule_wording.rule
    inner join finding_standings on open_leads.finding_id = finding_standings.finding_id
    inner join line_exposure
        on open_leads.claim_id = line_exposure.claim_id
        and open_leads.claim_line_number = line_exposure.claim_line_number
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
    credited_reviews.finding_id, credited_reviews.rule
from credited_reviews
left join own_related_lines on credited_reviews.finding_id = own_related_lines.finding_id
left join code_labels on credited_reviews.hcpcs_code = code_labels.hcpcs_code
where credited_reviews.place = 1
