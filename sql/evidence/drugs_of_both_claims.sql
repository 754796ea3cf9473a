-- Findings of a day paid twice whose per diems may be of two therapies, billed without their modifiers. On two claims:
-- each bills a drug that fits its per diem, for that line's days, the day before or the day after, and none of one is a
-- drug of the other. On one claim: it bills two drugs that fit, each for the days of both lines. A drug is known by its
-- code, unless that is an unclassified one, and by the first nine digits of its National Drug Code.
with lines_together as (
    select
        asked_findings.finding_id, asked_findings.claim_id, asked_findings.claim_line_number, true as is_own,
        asked_findings.related_claim_id = asked_findings.claim_id as is_one_claim
    from asked_findings
    inner join rule_doubts on asked_findings.rule = rule_doubts.rule
    where rule_doubts.doubt = 'drugs of two therapies' and asked_findings.related_claim_id is not null
    union all
    select
        asked_findings.finding_id, asked_findings.related_claim_id, asked_findings.related_claim_line_number,
        false as is_own, asked_findings.related_claim_id = asked_findings.claim_id as is_one_claim
    from asked_findings
    inner join rule_doubts on asked_findings.rule = rule_doubts.rule
    where rule_doubts.doubt = 'drugs of two therapies' and asked_findings.related_claim_id is not null
),

fitting_lines as (
    select distinct
        lines_together.finding_id, lines_together.is_own, lines_together.is_one_claim,
        case when unclassified_drug_codes.code is null then drug_lines.hcpcs_code end as drug_code,
        left(claim_lines.ndc_code, 9) as product
    from lines_together
    inner join per_diem_lines
        on lines_together.claim_id = per_diem_lines.claim_id
        and lines_together.claim_line_number = per_diem_lines.claim_line_number
    inner join drug_lines
        on per_diem_lines.claim_id = drug_lines.claim_id
        and per_diem_lines.member_id = drug_lines.member_id
        and date_diff('day', per_diem_lines.claim_line_start_date, drug_lines.claim_line_end_date) >= -1
        and date_diff('day', drug_lines.claim_line_start_date, per_diem_lines.claim_line_end_date) >= -1
    inner join claim_lines
        on drug_lines.claim_id = claim_lines.claim_id
        and drug_lines.claim_line_number = claim_lines.claim_line_number
    left join unclassified_drug_codes
        on drug_lines.hcpcs_code = unclassified_drug_codes.code
        and drug_lines.claim_line_start_date
        between unclassified_drug_codes.valid_from and unclassified_drug_codes.valid_to
    left join drug_per_diem_pairs
        on drug_lines.hcpcs_code = drug_per_diem_pairs.code
        and per_diem_lines.hcpcs_code = drug_per_diem_pairs.per_diem_code
        and drug_lines.claim_line_start_date between drug_per_diem_pairs.valid_from and drug_per_diem_pairs.valid_to
    where
        drug_per_diem_pairs.code is not null or drug_lines.fits_every_per_diem
        or per_diem_lines.family = 'infusion_noc'
),

drugs as (
    select distinct finding_id, is_own, unnest([drug_code, product]) as drug from fitting_lines
    where not is_one_claim
),

shared_drugs as (
    select finding_id from drugs
    where drug is not null
    group by finding_id, drug
    having count(*) > 1
),

both_claims as (
    select finding_id from drugs
    where drug is not null
    group by finding_id
    having count(distinct is_own) = 2
),

drugs_of_one_claim as (
    select finding_id from fitting_lines
    where is_one_claim and coalesce(drug_code, product) is not null
    group by finding_id, coalesce(drug_code, product)
    having count(distinct is_own) = 2
)

select both_claims.finding_id, 'drugs of two therapies' as doubt, 'two_claims' as detail
from both_claims
left join shared_drugs on both_claims.finding_id = shared_drugs.finding_id
where shared_drugs.finding_id is null
union all
select finding_id, 'drugs of two therapies' as doubt, 'one_claim' as detail
from drugs_of_one_claim
group by finding_id
having count(*) > 1
