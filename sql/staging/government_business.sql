-- Lines of business, day by day, that are Medicare's or Medicaid's: by how they begin, by their whole name, or by a
-- word in them, unless they say that they are not this.
with government_words as (
    select replace(code, '_', ' ') as words, valid_from, valid_to from government_business_words
)

select distinct business_days.line_of_business, business_days.claim_line_start_date
from business_days
left join government_lines_of_business
    on business_days.line_of_business = government_lines_of_business.code
    and business_days.claim_line_start_date
    between government_lines_of_business.valid_from and government_lines_of_business.valid_to
left join government_words
    on business_days.claim_line_start_date between government_words.valid_from and government_words.valid_to
    and business_days.business_words like '% ' || government_words.words || ' %'
    and business_days.business_words not like '% not ' || government_words.words || ' %'
where
    government_lines_of_business.code is not null or government_words.words is not null
    or business_days.line_of_business like 'medicare%' or business_days.line_of_business like 'medicaid%'
