-- Findings on whose line no other payer is stated to have paid, while one paid on another line of the claim, denied
-- ones included, or on the line of another claim that shows the finding, if no other
-- doubt says so already.
with own_lines as (
    select asked_findings.*
    from asked_findings
    inner join claim_lines
        on asked_findings.claim_id = claim_lines.claim_id
        and asked_findings.claim_line_number = claim_lines.claim_line_number
    where not claim_lines.has_other_payer
)

select distinct own_lines.finding_id, 'other payer' as doubt, 'claim' as detail
from own_lines
inner join claim_lines as other_lines
    on own_lines.claim_id = other_lines.claim_id and own_lines.member_id = other_lines.member_id
where other_lines.has_other_payer
union all
select own_lines.finding_id, 'other payer' as doubt, 'related' as detail
from own_lines
inner join claim_lines as related_lines
    on own_lines.related_claim_id = related_lines.claim_id
    and own_lines.related_claim_line_number = related_lines.claim_line_number
left join unpaid_earlier_lines on own_lines.finding_id = unpaid_earlier_lines.finding_id
where
    own_lines.related_claim_id <> own_lines.claim_id and related_lines.has_other_payer
    and unpaid_earlier_lines.finding_id is null
