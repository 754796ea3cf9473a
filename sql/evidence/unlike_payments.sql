-- Findings that rest on a line of another payer, plan or line of business, or, where a rule asks which line came first,
-- on one that was allowed and for which the plan paid nothing.
with related_lines as (
    select
        asked_findings.finding_id, asked_findings.rule, related_lines.paid_amount,
        -- A value that is missing on either line says nothing.
        coalesce(lower(own_lines.payer) <> lower(related_lines.payer), false)
        or coalesce(lower(own_lines.plan) <> lower(related_lines.plan), false)
        or coalesce(own_lines.line_of_business <> related_lines.line_of_business, false) as is_of_another_plan
    from asked_findings
    inner join claim_lines as own_lines
        on asked_findings.claim_id = own_lines.claim_id
        and asked_findings.claim_line_number = own_lines.claim_line_number
    inner join claim_lines as related_lines
        on asked_findings.related_claim_id = related_lines.claim_id
        and asked_findings.related_claim_line_number = related_lines.claim_line_number
)

select finding_id, 5 as doubt_order, 'another plan' as doubt, cast(null as varchar) as detail from related_lines
where is_of_another_plan
union all
select related_lines.finding_id, 5 as doubt_order, 'unpaid earlier line' as doubt, cast(null as varchar) as detail
from related_lines
inner join rule_doubts on related_lines.rule = rule_doubts.rule
where rule_doubts.doubt = 'unpaid earlier line' and related_lines.paid_amount <= 0
