-- The words of the phrases by which a drug name names a product.
with phrases as (
    select 'tpn' as list_name, product_code, phrase, rank, valid_from, valid_to from tpn_product_words
    union all
    select 'flush' as list_name, product_code, phrase, rank, valid_from, valid_to from flush_product_words
)

select
    phrases.list_name, phrases.product_code, phrases.phrase, phrases.rank, phrases.valid_from, phrases.valid_to,
    text_words.word, text_words.is_content,
    length(replace(phrases.phrase, ' ', '')) as phrase_length,
    sum(case when text_words.is_content then 1 else 0 end) over (
        partition by phrases.list_name, phrases.phrase, phrases.product_code, phrases.valid_from
    ) as content_word_count,
    count(*) over (
        partition by phrases.list_name, phrases.phrase, phrases.product_code, phrases.valid_from
    ) as word_count
from phrases
inner join text_words on phrases.phrase = text_words.text
