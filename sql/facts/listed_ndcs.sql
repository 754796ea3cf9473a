-- The products, with their dates, that each National Drug Code of the claims names in each list. The first nine
-- digits (labeler and product) name a drug; the package digits only prefer an exact entry.
-- A bare ten-digit code is read in its three ways and counts only where exactly one of them is listed.
with listed as (
    select 'tpn' as list_name, product_code, ndc, valid_from, valid_to from tpn_product_ndcs
    union all
    select 'flush' as list_name, product_code, ndc, valid_from, valid_to from flush_product_ndcs
),

claim_ndcs as (
    select distinct claim_lines.ndc_code
    from claim_lines
    inner join bundled_codes on claim_lines.hcpcs_code = bundled_codes.code
    where claim_lines.ndc_code is not null
),

readings as (
    select ndc_code, ndc_code as eleven_digits from claim_ndcs
    where regexp_matches(ndc_code, '^[0-9]{11}$')
    union all
    select ndc_code, '0' || ndc_code as eleven_digits from claim_ndcs
    where regexp_matches(ndc_code, '^[0-9]{10}$')
    union all
    select ndc_code, left(ndc_code, 5) || '0' || right(ndc_code, 5) as eleven_digits from claim_ndcs
    where regexp_matches(ndc_code, '^[0-9]{10}$')
    union all
    select ndc_code, left(ndc_code, 9) || '0' || right(ndc_code, 1) as eleven_digits from claim_ndcs
    where regexp_matches(ndc_code, '^[0-9]{10}$')
),

matches as (
    select
        readings.ndc_code, readings.eleven_digits, listed.list_name, listed.product_code,
        readings.eleven_digits = listed.ndc as is_exact, listed.valid_from, listed.valid_to
    from readings
    inner join listed on left(readings.eleven_digits, 9) = left(listed.ndc, 9)
),

counted as (
    select
        *,
        count(*) over (partition by list_name, ndc_code, eleven_digits) as matches_of_reading,
        count(*) over (partition by list_name, ndc_code) as matches_of_code
    from matches
)

-- Matches of one reading only: as many as the code has in all.
select list_name, ndc_code, product_code, is_exact, valid_from, valid_to from counted
where matches_of_reading = matches_of_code
