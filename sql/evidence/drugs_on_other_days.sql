-- Findings of a per diem without its drug on whose claim a drug stands that lies neither on its days nor the day before
-- or after.
select distinct
    asked_findings.finding_id, 'drug on other days' as doubt, cast(null as varchar) as detail
from asked_findings
inner join rule_doubts on asked_findings.rule = rule_doubts.rule
inner join drug_lines
    on asked_findings.claim_id = drug_lines.claim_id and asked_findings.member_id = drug_lines.member_id
where
    rule_doubts.doubt = 'drug on other days'
    and (
        date_diff('day', asked_findings.claim_line_start_date, drug_lines.claim_line_end_date) < -1
        or date_diff('day', drug_lines.claim_line_start_date, asked_findings.claim_line_end_date) < -1
    )
