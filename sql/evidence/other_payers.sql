-- Findings on whose line no other payer is stated to have paid, while one paid on another line of the claim, denied
-- ones included, or on the earlier line where a rule asks which came first.
with paid_elsewhere as (
    select distinct claim_id, member_id from claim_lines
    where has_other_payer
)

select asked_findings.finding_id, 5 as doubt_order, 'other payer' as doubt, 'claim' as detail
from asked_findings
inner join claim_lines as own_lines
    on asked_findings.claim_id = own_lines.claim_id
    and asked_findings.claim_line_number = own_lines.claim_line_number
inner join paid_elsewhere
    on asked_findings.claim_id = paid_elsewhere.claim_id and asked_findings.member_id = paid_elsewhere.member_id
where not own_lines.has_other_payer
union all
select asked_findings.finding_id, 5 as doubt_order, 'other payer' as doubt, 'related' as detail
from asked_findings
inner join rule_doubts on asked_findings.rule = rule_doubts.rule
inner join claim_lines as related_lines
    on asked_findings.related_claim_id = related_lines.claim_id
    and asked_findings.related_claim_line_number = related_lines.claim_line_number
where
    rule_doubts.doubt = 'unpaid earlier line' and related_lines.has_other_payer
    and asked_findings.related_claim_id <> asked_findings.claim_id
