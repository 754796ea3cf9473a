-- Lines, paid or denied, that bill a saline, a heparin lock or sterile water as a drug: by a code of their own, or by
-- an unclassified code whose National Drug Code or drug name names such a product.
select claim_lines.claim_id, claim_lines.claim_line_number
from claim_lines
inner join flush_and_diluent_codes
    on claim_lines.hcpcs_code = flush_and_diluent_codes.code
    and claim_lines.claim_line_start_date
    between flush_and_diluent_codes.valid_from and flush_and_diluent_codes.valid_to
where flush_and_diluent_codes.use = 'flush_product'
union
select claim_lines.claim_id, claim_lines.claim_line_number
from claim_lines
inner join unclassified_drug_codes
    on claim_lines.hcpcs_code = unclassified_drug_codes.code
    and claim_lines.claim_line_start_date
    between unclassified_drug_codes.valid_from and unclassified_drug_codes.valid_to
inner join line_products
    on claim_lines.claim_id = line_products.claim_id
    and claim_lines.claim_line_number = line_products.claim_line_number
where unclassified_drug_codes.is_flush_candidate and line_products.list_name = 'flush'
