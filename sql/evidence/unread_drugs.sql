-- Findings of a per diem without its drug whose member has a line that may be the drug and could not be read as one: on
-- the claim, or elsewhere on the per diem's days, the day before or the day after. Of per diems only the line itself
-- counts, where it names a drug.
with unread_lines as (
    select
        claim_lines.*,
        unclassified_drug_codes.code is not null as has_unclassified_code,
        per_diem_codes.code is not null as is_per_diem,
        coalesce(regexp_matches(claim_lines.drug_name, '[A-Za-z]{3}'), false) and supply_codes.code is null
            as has_drug_name,
        -- Without a mark in front, hyphens, or what a spreadsheet put behind the digits.
        regexp_replace(regexp_replace(claim_lines.ndc_code, '^(N4|NDC)|[.]0+$', '', 'g'), '[^0-9]', '', 'g')
            as ndc_digits
    from claim_lines
    left join drug_lines
        on claim_lines.claim_id = drug_lines.claim_id and claim_lines.claim_line_number = drug_lines.claim_line_number
    left join drug_lines.excluded_lines as excluded_lines
        on claim_lines.claim_id = excluded_lines.claim_id
        and claim_lines.claim_line_number = excluded_lines.claim_line_number
    left join unclassified_drug_codes on claim_lines.hcpcs_code = unclassified_drug_codes.code
    left join per_diem_codes on claim_lines.hcpcs_code = per_diem_codes.code
    left join supply_codes on claim_lines.hcpcs_code = supply_codes.code
    where drug_lines.claim_id is null and excluded_lines.claim_id is null
),

told_lines as (
    select
        *,
        case when regexp_matches(ndc_digits, '^(0+|9+)$') then 0 else coalesce(length(ndc_digits), 0) end as ndc_length
    from unread_lines
),

possible_drugs as (
    select
        claim_id, claim_line_number, member_id, claim_line_start_date, claim_line_end_date,
        case
            when is_per_diem and (has_drug_name or ndc_length between 7 and 11) then 'per diem'
            when is_per_diem then null
            when has_unclassified_code then 'prescription'
            -- Zeros in front are lost up to four: of labelers as 00002.
            when ndc_length between 7 and 9 then 'ndc'
            when has_drug_name then 'name'
        end as detail
    from told_lines
    union all
    select
        claim_lines.claim_id, claim_lines.claim_line_number, claim_lines.member_id,
        claim_lines.claim_line_start_date, claim_lines.claim_line_end_date, 'fluid' as detail
    from flush_product_lines
    inner join claim_lines
        on flush_product_lines.claim_id = claim_lines.claim_id
        and flush_product_lines.claim_line_number = claim_lines.claim_line_number
)

select distinct asked_findings.finding_id, 'unread drug' as doubt, possible_drugs.detail
from asked_findings
inner join rule_doubts on asked_findings.rule = rule_doubts.rule
inner join per_diem_lines
    on asked_findings.claim_id = per_diem_lines.claim_id
    and asked_findings.claim_line_number = per_diem_lines.claim_line_number
inner join possible_drugs on asked_findings.member_id = possible_drugs.member_id
where
    rule_doubts.doubt = 'unread drug'
    and possible_drugs.detail is not null
    and (possible_drugs.detail <> 'fluid' or per_diem_lines.family = 'hydration')
    and (
        possible_drugs.detail <> 'per diem'
        or (
            asked_findings.claim_id = possible_drugs.claim_id
            and asked_findings.claim_line_number = possible_drugs.claim_line_number
        )
    )
    and (
        asked_findings.claim_id = possible_drugs.claim_id
        or (
            date_diff('day', asked_findings.claim_line_start_date, possible_drugs.claim_line_end_date) >= -1
            and date_diff('day', possible_drugs.claim_line_start_date, asked_findings.claim_line_end_date) >= -1
        )
    )
