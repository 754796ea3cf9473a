-- What real extracts do, and this one: the most dollars first; where there was nothing to look at, no percent.
select
    sentence,
    case
        when element_count = 0 then 'nothing to look at'
        when status = 'PASS' then 'as expected'
        else 'not as expected'
    end as found,
    unexpected_count as line_count,
    element_count as looked_at_count,
    unexpected_percent as line_percent,
    paid_amount,
    consequence
from quality_expectations
where suite = 'profiles'
order by case when status = 'PASS' then 2 else 1 end, paid_amount desc nulls last, position
