-- One row per line that a per diem may already pay for and per diem line of the member that shares a day with it.
with bundled_lines as (
    select claim_lines.*
    from claim_lines
    inner join bundled_codes on claim_lines.hcpcs_code = bundled_codes.code
    where claim_lines.is_allowed
)

select
    bundled_lines.claim_id, bundled_lines.claim_line_number, bundled_lines.hcpcs_code,
    bundled_lines.claim_line_start_date,
    bundled_lines.provider_id = per_diem_lines.provider_id as is_same_provider,
    bundled_lines.claim_id = per_diem_lines.claim_id as is_same_claim,
    per_diem_lines.claim_id as per_diem_claim_id, per_diem_lines.claim_line_number as per_diem_line_number,
    per_diem_lines.hcpcs_code as per_diem_code, per_diem_lines.family, per_diem_lines.is_infusion,
    per_diem_lines.is_context, per_diem_lines.bundles_supplies, per_diem_lines.line_order as per_diem_line_order,
    greatest(bundled_lines.claim_line_start_date, per_diem_lines.claim_line_start_date) as first_common_date,
    least(bundled_lines.claim_line_end_date, per_diem_lines.claim_line_end_date) as last_common_date,
    date_diff(
        'day',
        greatest(bundled_lines.claim_line_start_date, per_diem_lines.claim_line_start_date),
        least(bundled_lines.claim_line_end_date, per_diem_lines.claim_line_end_date)
    ) + 1 as common_days
from bundled_lines
inner join per_diem_lines
    on bundled_lines.member_id = per_diem_lines.member_id
    and bundled_lines.claim_line_start_date <= per_diem_lines.claim_line_end_date
    and bundled_lines.claim_line_end_date >= per_diem_lines.claim_line_start_date
where
    bundled_lines.claim_id <> per_diem_lines.claim_id
    or bundled_lines.claim_line_number <> per_diem_lines.claim_line_number
