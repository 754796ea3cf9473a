-- The combinations of categories that occur, by member: what a reader could know who knows which are impossible.
select distinct
    measure,
    rule_category as rule,
    month_category as month,
    provider_category as provider,
    code_category as code,
    member_id
from shared_lines
where measure in ('overpayment', 'review')
order by measure, rule, month, provider, code, member_id
