-- The product that each drug name names in each list: its first content words are the phrase's, in any order, and
-- the phrase's other words stand somewhere in it. The longest phrase wins, then the first in the list.
with matched_words as (
    select distinct
        product_phrase_words.list_name, product_phrase_words.product_code, product_phrase_words.phrase,
        product_phrase_words.rank, product_phrase_words.phrase_length, product_phrase_words.word_count,
        drug_name_words.drug_name, product_phrase_words.word
    from product_phrase_words
    inner join drug_name_words
        on product_phrase_words.word = drug_name_words.word
        and (
            not product_phrase_words.is_content
            or product_phrase_words.content_word_count >= drug_name_words.content_position
        )
),

matched_phrases as (
    select list_name, product_code, phrase, rank, phrase_length, drug_name
    from matched_words
    group by list_name, product_code, phrase, rank, phrase_length, word_count, drug_name
    having count(*) = word_count
),

ranked_phrases as (
    select
        *,
        row_number() over (partition by list_name, drug_name order by phrase_length desc, rank) as place
    from matched_phrases
)

select list_name, drug_name, product_code from ranked_phrases
where place = 1
