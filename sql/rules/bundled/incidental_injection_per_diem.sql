select
    claim_lines.claim_id, claim_lines.claim_line_number,
    'overpayment' as outcome,
    cast(claim_lines.paid_cents * 0.01 as decimal(18, 2)) as amount,
    'an injection per diem that is incidental to the drug' as reason,
    cast(null as varchar) as related_claim_id, cast(null as bigint) as related_claim_line_number
from claim_lines
inner join per_diem_codes
    on claim_lines.hcpcs_code = per_diem_codes.code
    and claim_lines.claim_line_start_date between per_diem_codes.valid_from and per_diem_codes.valid_to
where claim_lines.is_allowed and per_diem_codes.is_incidental
