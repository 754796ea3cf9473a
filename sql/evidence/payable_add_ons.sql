-- The add-on codes that may be payable beside the initial service of the day, in place of a second initial service.
select distinct asked_findings.finding_id, add_on_codes.add_on_code, add_on_codes.label
from asked_findings
inner join claim_lines as first_lines
    on coalesce(asked_findings.related_claim_id, asked_findings.claim_id) = first_lines.claim_id
    and coalesce(asked_findings.related_claim_line_number, asked_findings.claim_line_number)
    = first_lines.claim_line_number
inner join add_on_codes
    on add_on_codes.code in (asked_findings.hcpcs_code, first_lines.hcpcs_code)
    and asked_findings.claim_line_start_date between add_on_codes.valid_from and add_on_codes.valid_to
inner join multiple_initial_services.answers as answers
    on asked_findings.claim_id = answers.claim_id
    and asked_findings.claim_line_number = answers.claim_line_number
where asked_findings.rule = 'multiple_initial_services'
