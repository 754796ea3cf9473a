-- Findings whose claim, or the claim of whose related line, replaces another (7) and names none that the file holds: a
-- claim that names one and still stands is the one that replaced it. And findings of which one of the two claims names
-- the other as its original without a frequency that lets it replace it.
with unmet_claims as (
    select distinct claim_id from claim_lines
    where has_unmet_original
),

named_claims as (
    select distinct claim_id, original_claim_id from claim_lines
    where original_claim_id <> claim_id
),

pairs as (
    select claim_id, original_claim_id as other_claim_id from named_claims
    union
    select original_claim_id as claim_id, claim_id as other_claim_id from named_claims
)

select asked_findings.finding_id, 'unnamed original' as doubt, 'claim' as detail
from asked_findings
inner join unmet_claims on asked_findings.claim_id = unmet_claims.claim_id
union all
select asked_findings.finding_id, 'unnamed original' as doubt, 'related' as detail
from asked_findings
inner join unmet_claims on asked_findings.related_claim_id = unmet_claims.claim_id
where asked_findings.related_claim_id <> asked_findings.claim_id
union all
select asked_findings.finding_id, 'unnamed original' as doubt, 'each other' as detail
from asked_findings
inner join pairs
    on asked_findings.claim_id = pairs.claim_id and asked_findings.related_claim_id = pairs.other_claim_id
