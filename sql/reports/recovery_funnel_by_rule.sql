-- From identified to recovered, by rule, with a total for each of the two measures, which are never added up.
-- identified = recovered + overturned + written off + fell away + outstanding.
with sums as (
    select
        measure, rule, count(*) as finding_count,
        cast(coalesce(sum(identified_amount), 0) as decimal(18, 2)) as identified_amount,
        cast(coalesce(sum(noticed_amount), 0) as decimal(18, 2)) as noticed_amount,
        cast(coalesce(sum(disputed_amount), 0) as decimal(18, 2)) as disputed_amount,
        cast(coalesce(sum(upheld_amount), 0) as decimal(18, 2)) as upheld_amount,
        cast(coalesce(sum(recovered_amount), 0) as decimal(18, 2)) as recovered_amount,
        cast(coalesce(sum(overturned_amount), 0) as decimal(18, 2)) as overturned_amount,
        cast(coalesce(sum(written_off_amount), 0) as decimal(18, 2)) as written_off_amount,
        cast(coalesce(sum(fell_away_amount), 0) as decimal(18, 2)) as fell_away_amount,
        cast(coalesce(sum(outstanding_amount), 0) as decimal(18, 2)) as outstanding_amount,
        cast(coalesce(sum(time_barred_amount), 0) as decimal(18, 2)) as time_barred_amount,
        grouping(rule) = 1 as is_total
    from funnel_findings
    group by grouping sets ((measure, rule), (measure))
)

select
    sums.measure, audited_rules.rule_number, sums.rule,
    case when sums.is_total then 'All rules' else coalesce(audited_rules.title, sums.rule) end as title,
    sums.finding_count,
    sums.identified_amount, sums.noticed_amount, sums.disputed_amount,
    sums.upheld_amount, sums.recovered_amount, sums.overturned_amount,
    sums.written_off_amount, sums.fell_away_amount, sums.outstanding_amount, sums.time_barred_amount, sums.is_total
from sums
left join audited_rules on sums.rule = audited_rules.rule
order by sums.measure, sums.is_total, sums.identified_amount desc, sums.rule
