-- Lines of business, day by day, as words with a blank around each. Whatever word denies the next one is `not`.
select distinct
    line_of_business, claim_line_start_date,
    regexp_replace(
        ' ' || replace(line_of_business, '_', ' ') || ' ', ' (non|no|pre|without|excl|excluding|except) ', ' not ', 'g'
    ) as business_words
from typed_rows
where line_of_business is not null
