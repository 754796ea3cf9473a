-- The stays that hold the days in question of a finding, with each allowed claim that they are made of.
select distinct
    asked_findings.finding_id, inpatient_stays.admission_date, inpatient_stays.discharge_date,
    stay_claims.claim_id, stay_claims.first_date, stay_claims.last_date,
    stay_lines.provider_id <> asked_findings.provider_id as is_other_provider
from asked_findings
inner join evidence_days on asked_findings.finding_id = evidence_days.finding_id
inner join inpatient_stays
    on asked_findings.member_id = inpatient_stays.member_id
    and evidence_days.service_date > inpatient_stays.admission_date
    and evidence_days.service_date < inpatient_stays.discharge_date
inner join stay_claims
    on inpatient_stays.member_id = stay_claims.member_id
    and stay_claims.admission_date between inpatient_stays.admission_date and inpatient_stays.discharge_date
    and stay_claims.discharge_date between stay_claims.admission_date and inpatient_stays.discharge_date
inner join claim_lines as stay_lines
    on stay_claims.claim_id = stay_lines.claim_id and stay_claims.claim_line_number = stay_lines.claim_line_number
where
    asked_findings.rule = 'per_diem_during_inpatient_stay' and evidence_days.is_in_question and stay_claims.is_allowed
