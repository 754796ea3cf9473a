-- The listed product of a line, per list (`tpn`, `flush`): by National Drug Code, an exact entry first; else by drug
-- name, the claim's own or the one that the NDC directory gave it: the longest phrase, then the first in the list.
with found as (
    select
        claim_lines.claim_id, claim_lines.claim_line_number, listed_ndcs.list_name, listed_ndcs.product_code,
        'ndc_code' as found_by, 1 as preference,
        case when listed_ndcs.is_exact then 0 else 1 end as first_tie, 0 as second_tie
    from claim_lines
    inner join bundled_codes on claim_lines.hcpcs_code = bundled_codes.code
    inner join listed_ndcs
        on claim_lines.ndc_code = listed_ndcs.ndc_code
        and claim_lines.claim_line_start_date between listed_ndcs.valid_from and listed_ndcs.valid_to
    union all
    select
        claim_lines.claim_id, claim_lines.claim_line_number, named_products.list_name, named_products.product_code,
        case when claim_lines.drug_name_source = 'ndc_directory' then 'ndc_directory' else 'drug_name' end as found_by,
        2 as preference, -named_products.phrase_length as first_tie, named_products.rank as second_tie
    from claim_lines
    inner join bundled_codes on claim_lines.hcpcs_code = bundled_codes.code
    inner join named_products
        on claim_lines.drug_name = named_products.drug_name
        and claim_lines.claim_line_start_date between named_products.valid_from and named_products.valid_to
),

ranked as (
    select
        *,
        row_number() over (
            partition by claim_id, claim_line_number, list_name
            order by preference, first_tie, second_tie, product_code
        ) as place
    from found
)

select claim_id, claim_line_number, list_name, product_code, found_by from ranked
where place = 1
