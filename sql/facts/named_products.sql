-- The products, with their dates, that each drug name names in each list: its first content words are the
-- phrase's, in any order, and the phrase's other words stand somewhere in it.
with matched_words as (
    select distinct
        product_phrase_words.list_name, product_phrase_words.product_code, product_phrase_words.phrase,
        product_phrase_words.rank, product_phrase_words.phrase_length, product_phrase_words.word_count,
        product_phrase_words.valid_from, product_phrase_words.valid_to,
        drug_name_words.drug_name, product_phrase_words.word
    from product_phrase_words
    inner join drug_name_words
        on product_phrase_words.word = drug_name_words.word
        and (
            not product_phrase_words.is_content
            or product_phrase_words.content_word_count >= drug_name_words.content_position
        )
)

select list_name, drug_name, product_code, phrase_length, rank, valid_from, valid_to
from matched_words
group by list_name, drug_name, product_code, phrase, phrase_length, rank, valid_from, valid_to, word_count
having count(*) = word_count
