-- The rows to record, numbered on, each with what the finding was when it was last seen.
with last_numbers as (
    select coalesce(max(disposition_number), 0) as last_number from dispositions
)

select
    last_numbers.last_number + new_dispositions.file_order as disposition_number, new_dispositions.disposition_key,
    new_dispositions.finding_id, new_dispositions.disposition, new_dispositions.disposition_date,
    new_dispositions.case_number, new_dispositions.recovered_amount, new_dispositions.reason,
    new_dispositions.recorded_by, new_dispositions.source_name, disposed_findings.outcome as outcome_then,
    disposed_findings.amount as amount_then, disposed_findings.rule_version as rule_version_then
from new_dispositions
cross join last_numbers
inner join disposed_findings on new_dispositions.finding_id = disposed_findings.finding_id
