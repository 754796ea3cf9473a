-- Lines of business, day by day, that say in one of their words that the plan is no insured business, and do not say
-- that it is not this: how it is funded where the claims leave that out.
with funding_words as (
    select replace(code, '_', ' ') as words, funding, valid_from, valid_to from self_funded_lines_of_business
)

select business_days.line_of_business, business_days.claim_line_start_date, min(funding_words.funding) as funding
from business_days
inner join funding_words
    on business_days.claim_line_start_date between funding_words.valid_from and funding_words.valid_to
    and business_days.business_words like '% ' || funding_words.words || ' %'
    and business_days.business_words not like '% not ' || funding_words.words || ' %'
group by business_days.line_of_business, business_days.claim_line_start_date
