-- The combinations of categories that occur, by member: what a reader could know who knows which are impossible.
-- `has_dollars`: the member has dollars there, not only lines on which there are none.
select
    measure,
    rule_category as rule,
    month_category as month,
    provider_category as provider,
    code_category as code,
    member_id,
    bool_or(amount > 0) as has_dollars
from shared_lines
where measure in ('overpayment', 'review')
group by measure, rule_category, month_category, provider_category, code_category, member_id
order by measure, rule, month, provider, code, member_id
