-- The expectations that the data does not meet, or that could not be evaluated.
select * from quality_expectations
where status <> 'PASS'
order by
    case status when 'ERROR' then 1 else 2 end,
    case severity when 'critical' then 1 when 'warning' then 2 else 3 end,
    position
