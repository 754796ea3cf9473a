-- Findings with days in question that lie outside the days of every claim of a stay, paid or denied: they rest on a
-- date of admission or of discharge alone.
select distinct
    asked_findings.finding_id, 'stay beyond its claims' as doubt, cast(null as varchar) as detail
from asked_findings
inner join rule_doubts on asked_findings.rule = rule_doubts.rule
inner join evidence_days on asked_findings.finding_id = evidence_days.finding_id
left join stay_claims
    on asked_findings.member_id = stay_claims.member_id
    and evidence_days.service_date between stay_claims.first_date and stay_claims.last_date
where rule_doubts.doubt = 'stay beyond its claims' and evidence_days.is_in_question and stay_claims.claim_id is null
