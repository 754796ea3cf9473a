-- Lines with a per diem code, paid or not: what profiles of per diems look at.
select
    claim_lines.claim_id, claim_lines.claim_line_number, claim_lines.provider_id, claim_lines.paid_amount,
    claim_lines.service_unit_quantity, claim_lines.day_count, claim_lines.ndc_code
from claim_lines
inner join per_diem_codes
    on claim_lines.hcpcs_code = per_diem_codes.code
    and claim_lines.claim_line_start_date between per_diem_codes.valid_from and per_diem_codes.valid_to
where per_diem_codes.is_per_diem
