-- One row per claim, document and purpose: what a provider is asked to send, with the lines that it is for.
-- Leads that a rule itself left open are what records settle. Findings that the plan turned into reviews (an older
-- policy text, self-funded business, another payer, an override) are settled by the plan's own papers: nothing is asked
-- for them, nor for what reviewers closed. For demanded lines the same documents are what a dispute may rest on; they
-- are not required.
with wanted_lines as (
    select
        provider_id, claim_id, claim_line_number, member_id, claim_line_start_date, claim_line_end_date, rule,
        1 as purpose_order
    from open_leads
    where decided_outcome = 'review'
    union all
    select
        provider_id, claim_id, claim_line_number, member_id, claim_line_start_date, claim_line_end_date, rule,
        2 as purpose_order
    from handout_lines
),

wanted_documents as (
    select distinct
        wanted_lines.provider_id, wanted_lines.claim_id, wanted_lines.claim_line_number, rule_documents.document,
        wanted_lines.member_id, wanted_lines.claim_line_start_date, wanted_lines.claim_line_end_date,
        wanted_lines.purpose_order
    from wanted_lines
    inner join rule_documents on wanted_lines.rule = rule_documents.rule
)

select
    provider_id, claim_id, min(member_id) as member_id,
    min(claim_line_start_date) as first_service_date, max(claim_line_end_date) as last_service_date,
    string_agg(cast(claim_line_number as varchar), ', ' order by claim_line_number) as claim_line_numbers, document,
    case purpose_order
        when 1 then 'needed to settle an open question' else 'only if you dispute the amount demanded'
    end as purpose,
    purpose_order
from wanted_documents
group by provider_id, claim_id, document, purpose_order
