-- The drug name that the NDC directory gives a National Drug Code: the proprietary name with its suffix, else the
-- nonproprietary one. Codes have eleven digits; a bare ten-digit code stands here too where exactly one of its three
-- readings is in the directory. Empty where the settings name no directory.
with product_names as (
    select
        product_ndc,
        min(
            case
                when trim(proprietary_name) <> '' then trim(concat_ws(' ', trim(proprietary_name), trim(name_suffix)))
                when trim(nonproprietary_name) <> '' then trim(nonproprietary_name)
            end
        ) as drug_name
    from ndc_products
    group by product_ndc
),

directory_codes as (
    select
        lpad(split_part(ndc_packages.package_code, '-', 1), 5, '0')
        || lpad(split_part(ndc_packages.package_code, '-', 2), 4, '0')
        || lpad(split_part(ndc_packages.package_code, '-', 3), 2, '0') as ndc_code,
        min(product_names.drug_name) as drug_name
    from ndc_packages
    left join product_names on ndc_packages.product_ndc = product_names.product_ndc
    where regexp_matches(ndc_packages.package_code, '^[0-9]{4,5}-[0-9]{3,4}-[0-9]{1,2}$')
    group by ndc_code
),

ten_digit_forms as (
    select right(ndc_code, 10) as ten_digits, ndc_code, drug_name from directory_codes
    where left(ndc_code, 1) = '0'
    union
    select left(ndc_code, 5) || right(ndc_code, 5) as ten_digits, ndc_code, drug_name from directory_codes
    where substr(ndc_code, 6, 1) = '0'
    union
    select left(ndc_code, 9) || right(ndc_code, 1) as ten_digits, ndc_code, drug_name from directory_codes
    where substr(ndc_code, 10, 1) = '0'
),

certain_ten_digits as (
    select ten_digits as ndc_code, min(drug_name) as drug_name from ten_digit_forms
    group by ten_digits
    having count(*) = 1
)

select ndc_code, drug_name from directory_codes
where drug_name is not null
union all
select ndc_code, drug_name from certain_ten_digits
where drug_name is not null
