-- Findings of a per diem without its drug, and the drugs that fit it and its provider billed on other claims up to 35
-- days before or after, but not as near as the next day: a month's supply is dispensed at once and weeks are billed
-- apart, or the drug is billed by the month when the month is over.
with drugs_around as (
    select
        asked_findings.finding_id, asked_findings.rule, asked_findings.claim_id as per_diem_claim_id,
        asked_findings.claim_line_number as per_diem_line_number, asked_findings.hcpcs_code as per_diem_code,
        drug_lines.claim_id, drug_lines.claim_line_number, drug_lines.hcpcs_code, drug_lines.claim_line_start_date,
        drug_lines.fits_every_per_diem,
        case
            when date_diff('day', drug_lines.claim_line_end_date, asked_findings.claim_line_start_date) between 2 and 35
            then 'earlier drug'
            when date_diff('day', asked_findings.claim_line_end_date, drug_lines.claim_line_start_date) between 2 and 35
            then 'later drug'
        end as doubt
    from asked_findings
    inner join drug_lines
        on asked_findings.member_id = drug_lines.member_id
        and asked_findings.provider_id = drug_lines.provider_id
        and asked_findings.claim_id <> drug_lines.claim_id
)

select distinct
    drugs_around.finding_id, drugs_around.claim_id, drugs_around.claim_line_number, drugs_around.doubt,
    cast(null as varchar) as detail
from drugs_around
inner join rule_doubts on drugs_around.rule = rule_doubts.rule and drugs_around.doubt = rule_doubts.doubt
inner join per_diem_lines
    on drugs_around.per_diem_claim_id = per_diem_lines.claim_id
    and drugs_around.per_diem_line_number = per_diem_lines.claim_line_number
left join drug_per_diem_pairs
    on drugs_around.hcpcs_code = drug_per_diem_pairs.code
    and drugs_around.per_diem_code = drug_per_diem_pairs.per_diem_code
    and drugs_around.claim_line_start_date between drug_per_diem_pairs.valid_from and drug_per_diem_pairs.valid_to
where
    drug_per_diem_pairs.code is not null or drugs_around.fits_every_per_diem
    or per_diem_lines.family = 'infusion_noc'
