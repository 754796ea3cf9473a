-- Findings of a per diem without its drug, and the drugs that fit it and its provider billed on other claims up to 35
-- days before, but not as near as the day before: a month's supply is dispensed at once, and weeks are billed apart.
select distinct
    asked_findings.finding_id, drug_lines.claim_id, drug_lines.claim_line_number, 'earlier drug' as doubt,
    cast(null as varchar) as detail
from asked_findings
inner join rule_doubts on asked_findings.rule = rule_doubts.rule
inner join per_diem_lines
    on asked_findings.claim_id = per_diem_lines.claim_id
    and asked_findings.claim_line_number = per_diem_lines.claim_line_number
inner join drug_lines
    on asked_findings.member_id = drug_lines.member_id
    and asked_findings.provider_id = drug_lines.provider_id
    and asked_findings.claim_id <> drug_lines.claim_id
    and date_diff('day', drug_lines.claim_line_end_date, asked_findings.claim_line_start_date) between 2 and 35
left join drug_per_diem_pairs
    on drug_lines.hcpcs_code = drug_per_diem_pairs.code
    and asked_findings.hcpcs_code = drug_per_diem_pairs.per_diem_code
    and drug_lines.claim_line_start_date between drug_per_diem_pairs.valid_from and drug_per_diem_pairs.valid_to
where
    rule_doubts.doubt = 'earlier drug'
    and (
        drug_per_diem_pairs.code is not null or drug_lines.fits_every_per_diem
        or per_diem_lines.family = 'infusion_noc'
    )
