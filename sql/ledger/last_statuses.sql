-- The status of every finding before this run.
select finding_id, arg_max(status, run_number) as status, arg_max(status_reason, run_number) as status_reason
from statuses
group by finding_id
