-- Courses of therapy by therapy and class of length: how many, units a day, and courses with more units than days.
select
    therapy_family,
    shortest_day_count,
    case shortest_day_count
        when 1 then '1 day' when 2 then '2-7 days' when 8 then '8-14 days' when 15 then '15-28 days'
        when 29 then '29-56 days' else '57 days and more'
    end as length_class,
    cast(sum(episode_count) as bigint) as episode_count,
    cast(sum(episode_above_days_count) as bigint) as episode_above_days_count,
    cast(sum(day_count) as bigint) as day_count,
    cast(sum(unit_quantity) as decimal(28, 3)) as unit_quantity,
    cast(sum(unit_quantity) as double) / nullif(sum(day_count), 0) as units_per_day,
    cast(sum(paid_amount) as decimal(18, 2)) as paid_amount
from selected_therapy_episodes
group by therapy_family, shortest_day_count
order by therapy_family, shortest_day_count
