-- One row per finding that stands open in the case-management tool and that this run does not have, and whether that
-- closes it. It does where the ledger says that the finding is gone, replaced or closed, or where the rule looked at
-- the line again and did not find it. A line that was not looked at again, or could not be judged, proves nothing: such
-- a finding stays open.
select
    exported_rows.finding_id,
    case
        when finding_status.status in ('gone', 'superseded', 'closed') then true
        when finding_status.status is not null then false
        else coalesce(line_outcomes.outcome <> 'not_evaluable', false)
    end as is_closed,
    case
        when finding_status.status in ('gone', 'superseded', 'closed') then
            coalesce(finding_status.status_reason, finding_status.status)
        when line_outcomes.outcome in ('overpayment', 'review') then 'below the least amount that is reported'
        else line_outcomes.reason
    end as closed_reason
from exported_rows
left join findings on exported_rows.finding_id = findings.finding_id
left join finding_status on exported_rows.finding_id = finding_status.finding_id
left join line_outcomes
    on exported_rows.rule = line_outcomes.rule and exported_rows.claim_id = line_outcomes.claim_id
    and exported_rows.claim_line_number = line_outcomes.claim_line_number
where findings.finding_id is null and exported_rows.row_change <> 'closed'
