-- Findings on claims that were replaced or voided: the claim that stands instead, and the finding there, if any.
with heirs as (
    select inherits_from_finding_id as finding_id, max(finding_id) as heir_finding_id
    from all_inheritances
    group by inherits_from_finding_id
)

select
    known_findings.finding_id, claim_heirs.heir_claim_id, coalesce(claim_heirs.is_voided, false) as is_voided,
    heirs.heir_finding_id
from known_findings
left join claim_heirs on known_findings.claim_id = claim_heirs.claim_id
left join heirs on known_findings.finding_id = heirs.finding_id
where claim_heirs.claim_id is not null or heirs.finding_id is not null
