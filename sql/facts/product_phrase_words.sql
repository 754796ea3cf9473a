-- The words of the phrases by which a drug name names a product, split and judged as drug names are.
with phrases as (
    select 'tpn' as list_name, product_code, phrase, rank, valid_from, valid_to from tpn_product_words
    union all
    select 'flush' as list_name, product_code, phrase, rank, valid_from, valid_to from flush_product_words
),

positions as (
    select unnest(generate_series(1, 20)) as position
),

words as (
    select phrases.*, split_part(phrases.phrase, ' ', positions.position) as word
    from phrases
    cross join positions
),

judged_words as (
    select
        *,
        not regexp_matches(
            word,
            '^([0-9.]*[0-9][0-9.]*(%|MG|MCG|G|GM|ML|L|U|UNIT|UNITS|IU|MEQ|MMOL)?|[.]+|INJ[.]?|INJECTION|MG|MCG|G|GM|ML|L|U|UNIT|UNITS|IU|MEQ|MMOL)$'  -- noqa: LT05
        ) as is_content
    from words
    where word <> ''
)

select
    list_name, product_code, phrase, rank, valid_from, valid_to, word, is_content,
    length(replace(phrase, ' ', '')) as phrase_length,
    sum(case when is_content then 1 else 0 end) over (
        partition by list_name, phrase, product_code, valid_from
    ) as content_word_count,
    count(*) over (partition by list_name, phrase, product_code, valid_from) as word_count
from judged_words
