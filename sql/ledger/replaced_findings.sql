-- Findings that this run did not see, on claims that others replaced, with the claim that stands instead.
select
    known_findings.finding_id, known_findings.rule, known_findings.claim_line_number, claim_heirs.heir_claim_id,
    known_findings.claim_id, known_findings.hcpcs_code, known_findings.claim_line_start_date
from known_findings
inner join claim_heirs on known_findings.claim_id = claim_heirs.claim_id
where not known_findings.is_seen
