-- The runs that these findings were last seen in.
select distinct runs.run_folder
from disposed_findings
inner join runs on disposed_findings.run_number = runs.run_number
