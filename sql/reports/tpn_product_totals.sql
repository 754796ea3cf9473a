-- Products behind TPN codes: what the policy says of them, how they were found, beside a TPN per diem or not.
select
    coalesce(tpn_products.label, code_labels.label, selected_tpn_product_mix.hcpcs_code) as product_name,
    selected_tpn_product_mix.policy,
    selected_tpn_product_mix.found_by,
    selected_tpn_product_mix.is_beside_per_diem,
    cast(sum(selected_tpn_product_mix.line_count) as bigint) as line_count,
    cast(sum(selected_tpn_product_mix.paid_amount) as decimal(18, 2)) as paid_amount,
    count(*) over () as whole_count
from selected_tpn_product_mix
left join tpn_products on selected_tpn_product_mix.product_code = tpn_products.code
left join code_labels on selected_tpn_product_mix.hcpcs_code = code_labels.hcpcs_code
group by
    product_name,
    selected_tpn_product_mix.policy,
    selected_tpn_product_mix.found_by,
    selected_tpn_product_mix.is_beside_per_diem
order by paid_amount desc, product_name, policy, found_by, is_beside_per_diem
limit 300
