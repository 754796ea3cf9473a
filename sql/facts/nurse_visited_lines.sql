-- Allowed lines, of those with a context, on a day of which a nurse of any provider came: registered or practical.
with visits as (
    select member_id, visit_date, true as is_registered from rn_visits
    union all
    select member_id, visit_date, false as is_registered from lpn_visits
)

select
    claim_lines.claim_id, claim_lines.claim_line_number,
    bool_or(visits.is_registered) as has_rn_visit, bool_or(not visits.is_registered) as has_lpn_visit
from claim_lines
inner join context_codes on claim_lines.hcpcs_code = context_codes.code
inner join visits
    on claim_lines.member_id = visits.member_id
    and visits.visit_date between claim_lines.claim_line_start_date and claim_lines.claim_line_end_date
where claim_lines.is_allowed
group by claim_lines.claim_id, claim_lines.claim_line_number
