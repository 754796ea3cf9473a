-- Lines of several rows on which the plan paid for services of different codes, or of different first days: a line
-- number that stands for several lines, or a correction that took nothing back. What is left paid of each service
-- counts, so that a corrected code whose former payment was taken back is none.
with repeated_claims as (
    select distinct claim_id from repeated_places
),

-- Joined by claim alone, so that the scan leaves out the other claims' rows before it reads their values.
candidate_rows as (
    select
        typed_rows.claim_id, typed_rows.source_file, typed_rows.source_row, typed_rows.claim_line_start_date,
        coalesce(typed_rows.hcpcs_code, typed_rows.revenue_center_code) as service_code,
        coalesce(typed_rows.paid_amount, 0) as paid_amount
    from typed_rows
    inner join repeated_claims on typed_rows.claim_id = repeated_claims.claim_id
),

services as (
    select
        repeated_places.claim_id, repeated_places.claim_line_number, candidate_rows.service_code,
        candidate_rows.claim_line_start_date, count(*) as row_count, sum(candidate_rows.paid_amount) as paid_amount
    from repeated_places
    inner join candidate_rows
        on repeated_places.claim_id = candidate_rows.claim_id
        and repeated_places.source_file = candidate_rows.source_file
        and repeated_places.source_row = candidate_rows.source_row
    where candidate_rows.service_code is not null
    group by
        repeated_places.claim_id, repeated_places.claim_line_number, candidate_rows.service_code,
        candidate_rows.claim_line_start_date
)

select
    claim_id, claim_line_number, cast(sum(row_count) as bigint) as row_count,
    cast(sum(paid_amount) as decimal(18, 2)) as paid_amount
from services
where paid_amount > 0
group by claim_id, claim_line_number
having count(*) > 1
