-- One row per override of the plan, also those that changed nothing, and what each changed.
with override_entries as (
    select unnest(cast(body -> 'overrides' as json[])) as entry
    from manifest
),

overrides as (
    select
        cast(entry ->> 'row' as bigint) as override_row,
        entry ->> 'rule' as rule,
        entry ->> 'hcpcs_code' as hcpcs_code,
        nullif(entry ->> 'date_from', '0001-01-01') as date_from,
        nullif(entry ->> 'date_to', '9999-12-31') as date_to,
        entry ->> 'action' as action,
        entry ->> 'note' as note,
        entry ->> 'approved_by' as approved_by,
        cast(entry ->> 'line_count' as bigint) as line_count,
        cast(entry ->> 'decided_amount' as decimal(18, 2)) as decided_amount
    from override_entries
)

select
    override_row,
    rule,
    coalesce(hcpcs_code, 'all') as hcpcs_code,
    coalesce(date_from, 'the beginning') || ' to ' || coalesce(date_to, 'the end') as days,
    action,
    note,
    approved_by,
    line_count,
    decided_amount,
    case when line_count > 0 then 'used' else 'unused' end as use
from overrides
order by override_row
