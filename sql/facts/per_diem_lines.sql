-- Allowed per diem lines. The incidental codes (rule 1) are a per diem nowhere else and are left out.
select
    claim_lines.claim_id, claim_lines.claim_line_number, claim_lines.member_id, claim_lines.provider_id,
    claim_lines.hcpcs_code, claim_lines.claim_line_start_date, claim_lines.claim_line_end_date,
    claim_lines.day_count, claim_lines.line_order,
    per_diem_codes.family, per_diem_codes.scale, per_diem_codes.is_infusion, per_diem_codes.is_context,
    per_diem_codes.bundles_supplies, per_diem_codes.is_refilled_pump
from claim_lines
inner join per_diem_codes
    on claim_lines.hcpcs_code = per_diem_codes.code
    and claim_lines.claim_line_start_date between per_diem_codes.valid_from and per_diem_codes.valid_to
where claim_lines.is_allowed and per_diem_codes.is_per_diem and not per_diem_codes.is_incidental
