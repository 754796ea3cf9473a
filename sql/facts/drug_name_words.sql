-- The words of each drug name, in order; content words counted apart.
select
    text as drug_name, position, word, is_content,
    case
        when is_content then
            sum(case when is_content then 1 else 0 end) over (
                partition by text order by position rows between unbounded preceding and current row
            )
    end as content_position
from text_words
where is_drug_name
