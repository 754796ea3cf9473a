-- Lines that bill leave of absence from a stay, paid or not. A line tells on which days the member was away where its
-- units are its days (or one fewer: the day of coming back); a single day must lie inside the claim's own days, else it
-- may be no more than the date that the whole claim bears.
select
    claim_lines.claim_id, claim_lines.claim_line_number, claim_lines.member_id,
    claim_lines.claim_line_start_date, claim_lines.claim_line_end_date,
    least(stay_claims.admission_date, stay_claims.first_date) as stay_first_date,
    greatest(stay_claims.discharge_date, stay_claims.last_date) as stay_last_date,
    coalesce(claim_lines.service_unit_quantity, 0) > 0
    and claim_lines.service_unit_quantity between claim_lines.day_count - 1 and claim_lines.day_count
    and (
        claim_lines.day_count > 1
        or (
            claim_lines.claim_line_start_date > stay_claims.first_date
            and claim_lines.claim_line_start_date < stay_claims.last_date
        )
    ) as is_dated
from claim_lines
inner join stay_claims
    on claim_lines.claim_id = stay_claims.claim_id and claim_lines.member_id = stay_claims.member_id
inner join leave_revenue_codes
    on claim_lines.revenue_center_code = leave_revenue_codes.code
    and claim_lines.claim_line_start_date between leave_revenue_codes.valid_from and leave_revenue_codes.valid_to
