-- Findings whose claim, or the claim of whose related line, says that it replaces another (7) and names none: a claim
-- that names one and still stands is the one that replaced it. Where the frequency is not given, the last digit of the
-- type of bill is it.
with unnamed_claims as (
    select distinct claim_lines.claim_id
    from claim_lines
    left join run_replaced_claims on claim_lines.claim_id = run_replaced_claims.replaced_by_claim_id
    where
        coalesce(
            claim_lines.claim_frequency_code,
            case when length(claim_lines.bill_type_code) = 3 then right(claim_lines.bill_type_code, 1) end
        ) = '7'
        and run_replaced_claims.replaced_by_claim_id is null
)

select asked_findings.finding_id, 'claim' as detail
from asked_findings
inner join unnamed_claims on asked_findings.claim_id = unnamed_claims.claim_id
union all
select asked_findings.finding_id, 'related' as detail
from asked_findings
inner join unnamed_claims on asked_findings.related_claim_id = unnamed_claims.claim_id
where asked_findings.related_claim_id <> asked_findings.claim_id
