-- Every claim line that ever had a finding, with its code and first day as they were last seen.
with ranked_findings as (
    select
        claim_id, claim_line_number, hcpcs_code, claim_line_start_date,
        row_number() over (
            partition by claim_id, claim_line_number order by last_run_number desc, finding_id
        ) as place
    from known_findings
)

select claim_id, claim_line_number, hcpcs_code, claim_line_start_date
from ranked_findings
where place = 1
