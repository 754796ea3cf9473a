-- One row per finding that another claim line proves: that line where it is the provider's own. Of another provider's
-- line a hand-out says no more than that there is one.
select
    findings.finding_id,
    case when related_lines.claim_id is not null then findings.related_claim_id end as related_claim_id,
    case when related_lines.claim_id is not null then findings.related_claim_line_number end
        as related_claim_line_number,
    related_lines.hcpcs_code as related_hcpcs_code,
    related_lines.claim_line_start_date as related_start_date,
    related_lines.claim_line_end_date as related_end_date,
    case
        when related_lines.claim_id is null then 'another provider''s service'
        else 'the provider''s own claim line'
    end as related_service
from findings
left join claim_lines as related_lines
    on findings.related_claim_id = related_lines.claim_id
    and findings.related_claim_line_number = related_lines.claim_line_number
    and findings.provider_id = related_lines.provider_id
where findings.related_claim_id is not null
