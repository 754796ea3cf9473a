-- Source rows that could not be read, by column and reason.
select
    column_name,
    reason,
    count(*) as row_count
from rejected_rows
group by column_name, reason
order by row_count desc, column_name asc, reason asc
