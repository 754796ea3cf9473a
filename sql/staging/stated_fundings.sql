-- Lines of business, day by day, that say in one of their words that the plan is no insured business, and do not say
-- that it is not this: how it is funded where the claims leave that out.
with business_days as (
    select distinct line_of_business, claim_line_start_date from typed_rows
    where funding is null and line_of_business is not null
),

businesses as (
    select
        line_of_business, claim_line_start_date, ' ' || replace(line_of_business, '_', ' ') || ' ' as business_words
    from business_days
),

funding_words as (
    select replace(code, '_', ' ') as words, funding, valid_from, valid_to from self_funded_lines_of_business
)

select businesses.line_of_business, businesses.claim_line_start_date, min(funding_words.funding) as funding
from businesses
inner join funding_words
    on businesses.claim_line_start_date between funding_words.valid_from and funding_words.valid_to
    and businesses.business_words like '% ' || funding_words.words || ' %'
    and businesses.business_words not like '% non ' || funding_words.words || ' %'
    and businesses.business_words not like '% not ' || funding_words.words || ' %'
group by businesses.line_of_business, businesses.claim_line_start_date
