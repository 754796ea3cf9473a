-- The columns that lack values: how many of the rows read have none.
with missing as (
    select
        unnest(json_keys(body -> 'missing_values')) as column_name,
        body -> 'missing_values' as counts,
        cast(body -> 'rows' ->> 'read' as bigint) as row_count
    from quality
)

select
    column_name,
    cast(counts ->> column_name as bigint) as missing_count,
    row_count,
    cast(cast(counts ->> column_name as bigint) * 100.0 / nullif(row_count, 0) as decimal(9, 4)) as missing_percent
from missing
where cast(counts ->> column_name as bigint) > 0
order by missing_count desc, column_name
