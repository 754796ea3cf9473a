-- Per diems by therapy: lines, days, units, dollars, providers. Lines of every provider, with findings or without.
select
    therapy_family,
    count(distinct hcpcs_code) as code_count,
    count(distinct provider_id) as provider_count,
    cast(sum(line_count) as bigint) as line_count,
    cast(sum(day_count) as bigint) as day_count,
    cast(sum(unit_quantity) as decimal(28, 3)) as unit_quantity,
    cast(sum(unit_quantity) as double) / nullif(sum(day_count), 0) as units_per_day,
    cast(sum(paid_amount) as decimal(18, 2)) as paid_amount
from selected_therapy_mix
where code_kind = 'per diem'
group by therapy_family
order by paid_amount desc, therapy_family
