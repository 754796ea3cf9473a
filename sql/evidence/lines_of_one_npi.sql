-- Findings that rest on a visit or a drug of the provider being absent, where another provider id billed one under the
-- same NPI: a file that gives a provider's TIN on some lines only makes two of it.
with missed_lines as (
    select 'nursing_add_on_without_visit' as rule, 0 as margin_days, claim_id, claim_line_number
    from nursing_add_on_without_visit.visit_lines
    where visit_kind = 'infusion_visit'
    union all
    select 'per_diem_without_drug' as rule, 1 as margin_days, claim_id, claim_line_number from drug_lines
)

select distinct
    asked_findings.finding_id, 'same npi' as doubt, cast(null as varchar) as detail
from asked_findings
inner join rule_doubts on asked_findings.rule = rule_doubts.rule
inner join claim_lines as own_lines
    on asked_findings.claim_id = own_lines.claim_id
    and asked_findings.claim_line_number = own_lines.claim_line_number
inner join claim_lines as other_lines
    on own_lines.member_id = other_lines.member_id
    and own_lines.billing_npi = other_lines.billing_npi
    and own_lines.provider_id <> other_lines.provider_id
inner join missed_lines
    on asked_findings.rule = missed_lines.rule
    and other_lines.claim_id = missed_lines.claim_id
    and other_lines.claim_line_number = missed_lines.claim_line_number
    and date_diff('day', own_lines.claim_line_start_date, other_lines.claim_line_end_date) >= -missed_lines.margin_days
    and date_diff('day', other_lines.claim_line_start_date, own_lines.claim_line_end_date) >= -missed_lines.margin_days
left join claim_lines as related_lines
    on asked_findings.related_claim_id = related_lines.claim_id
    and asked_findings.related_claim_line_number = related_lines.claim_line_number
    and asked_findings.provider_id = related_lines.provider_id
where rule_doubts.doubt = 'same npi' and related_lines.claim_id is null
