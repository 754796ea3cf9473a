-- The words, in order, of each drug name and of each phrase by which one names a product. Content words are told from
-- numbers, strengths and units. A per cent sign belongs to the number before it.
with texts as (
    select null as list_name, claim_lines.drug_name as text
    from claim_lines
    inner join bundled_codes on claim_lines.hcpcs_code = bundled_codes.code
    where claim_lines.drug_name is not null
    union all
    select 'tpn' as list_name, phrase as text from tpn_product_words
    union all
    select 'flush' as list_name, phrase as text from flush_product_words
),

spaced_texts as (
    select
        text, bool_or(list_name is null) as is_drug_name,
        regexp_replace(
            regexp_replace(upper(regexp_replace(text, '[^A-Za-z0-9.%]', ' ', 'g')), ' +%', '%', 'g'), '%', '% ', 'g'
        ) as spaced_text
    from texts
    group by text
),

tidy_texts as (
    select text, is_drug_name, trim(regexp_replace(spaced_text, ' +', ' ', 'g')) as tidy_text from spaced_texts
),

positions as (
    select unnest(generate_series(1, 200)) as position
),

words as (
    select
        tidy_texts.text, tidy_texts.is_drug_name, positions.position,
        split_part(tidy_texts.tidy_text, ' ', positions.position) as word
    from tidy_texts
    inner join positions on positions.position <= length(tidy_texts.tidy_text)
)

select
    text, is_drug_name, position, word,
    not regexp_matches(
        word,
        '^([0-9.]*[0-9][0-9.]*(%|MG|MCG|G|GM|ML|L|U|UNIT|UNITS|IU|MEQ|MMOL)?|[.]+|INJ[.]?|INJECTION|MG|MCG|G|GM|ML|L|U|UNIT|UNITS|IU|MEQ|MMOL)$'  -- noqa: LT05
    ) as is_content
from words
where word <> ''
