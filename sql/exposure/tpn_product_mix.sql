-- Which products stand behind the TPN codes, and how they were found: by National Drug Code, by name, or by the code
-- alone. Sums only.
select
    audited_lines.provider_id, audited_lines.hcpcs_code, audited_lines.line_of_business, audited_lines.period_month,
    tpn_lines.product_code, coalesce(tpn_lines.found_by, 'hcpcs_code') as found_by, tpn_lines.policy,
    tpn_lines.product_class, not tpn_lines.is_away_from_home and tpn_lines.covered_days > 0 as is_beside_per_diem,
    count(*) as line_count, count(distinct audited_lines.member_id) as member_count,
    cast(sum(audited_lines.paid_amount) as decimal(18, 2)) as paid_amount
from tpn_lines
inner join audited_lines
    on tpn_lines.claim_id = audited_lines.claim_id and tpn_lines.claim_line_number = audited_lines.claim_line_number
group by
    audited_lines.provider_id, audited_lines.hcpcs_code, audited_lines.line_of_business, audited_lines.period_month,
    tpn_lines.product_code, tpn_lines.found_by, tpn_lines.policy, tpn_lines.product_class,
    not tpn_lines.is_away_from_home and tpn_lines.covered_days > 0
