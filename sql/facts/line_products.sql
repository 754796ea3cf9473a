-- The listed product of a line, per list (`tpn`, `flush`): by National Drug Code, else by drug name, the claim's own
-- or the one that the NDC directory gave it.
with found as (
    select
        claim_lines.claim_id, claim_lines.claim_line_number, listed_ndcs.list_name, listed_ndcs.product_code,
        'ndc_code' as found_by, 1 as preference
    from claim_lines
    inner join bundled_codes on claim_lines.hcpcs_code = bundled_codes.code
    inner join listed_ndcs on claim_lines.ndc_code = listed_ndcs.ndc_code
    union all
    select
        claim_lines.claim_id, claim_lines.claim_line_number, named_products.list_name, named_products.product_code,
        case when claim_lines.drug_name_source = 'ndc_directory' then 'ndc_directory' else 'drug_name' end as found_by,
        2 as preference
    from claim_lines
    inner join bundled_codes on claim_lines.hcpcs_code = bundled_codes.code
    inner join named_products on claim_lines.drug_name = named_products.drug_name
)

select
    claim_id, claim_line_number, list_name, min_by(product_code, preference) as product_code,
    min_by(found_by, preference) as found_by
from found
group by claim_id, claim_line_number, list_name
