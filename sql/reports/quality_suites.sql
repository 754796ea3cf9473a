-- Each suite: how many expectations are met, not met, and could not be evaluated; critical ones apart.
select
    suite,
    count(*) as expectation_count,
    count(*) filter (where status = 'PASS') as met_count,
    count(*) filter (where status = 'FAIL' and severity = 'critical') as critical_count,
    count(*) filter (where status = 'FAIL' and severity = 'warning') as warning_count,
    count(*) filter (where status = 'FAIL' and severity = 'info') as info_count,
    count(*) filter (where status = 'ERROR') as error_count
from quality_expectations
group by suite
order by min(position)
