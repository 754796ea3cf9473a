-- Allowed lines of TPN codes, with the product that decides (by NDC, by name, else by code), and whether a TPN per
-- diem of the provider covers them where the member is at home: the lines that rules 7 and 8 look at.
with candidate_lines as (
    select claim_lines.*, tpn_codes.policy as code_policy
    from claim_lines
    inner join tpn_codes
        on claim_lines.hcpcs_code = tpn_codes.code
        and claim_lines.claim_line_start_date between tpn_codes.valid_from and tpn_codes.valid_to
    where claim_lines.is_allowed
)

select
    candidate_lines.claim_id, candidate_lines.claim_line_number, candidate_lines.hcpcs_code,
    candidate_lines.paid_cents, candidate_lines.day_count,
    candidate_lines.is_away_from_home,
    coalesce(per_diem_coverage.covered_days, 0) as covered_days,
    per_diem_coverage.per_diem_claim_id, per_diem_coverage.per_diem_line_number,
    line_products.product_code, line_products.found_by,
    coalesce(tpn_products.policy, candidate_lines.code_policy) as policy,
    tpn_products.class as product_class
from candidate_lines
left join per_diem_coverage
    on candidate_lines.claim_id = per_diem_coverage.claim_id
    and candidate_lines.claim_line_number = per_diem_coverage.claim_line_number
    and per_diem_coverage.kind = 'tpn'
left join line_products
    on candidate_lines.claim_id = line_products.claim_id
    and candidate_lines.claim_line_number = line_products.claim_line_number
    and line_products.list_name = 'tpn'
left join tpn_products
    on line_products.product_code = tpn_products.code
    and candidate_lines.claim_line_start_date between tpn_products.valid_from and tpn_products.valid_to
