-- The combinations of categories that occur among dollars of potential overpayment, by member, with the part that the
-- dollars belong to: contingent, or firm. A line can have both; where nothing was paid it has neither.
select distinct
    rule_category as rule,
    month_category as month,
    provider_category as provider,
    code_category as code,
    'contingent' as certainty,
    member_id
from shared_lines
where measure = 'overpayment' and contingent_amount > 0
union all
select distinct
    rule_category as rule,
    month_category as month,
    provider_category as provider,
    code_category as code,
    'firm' as certainty,
    member_id
from shared_lines
where measure = 'overpayment' and amount > contingent_amount
order by rule, month, provider, code, certainty, member_id
