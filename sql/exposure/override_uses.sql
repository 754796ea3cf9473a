-- One row per override of the plan: the decisions that it changed, and the dollars that the rule had decided on them.
with uses as (
    select override_row, count(*) as line_count, sum(decided_amount) as decided_amount
    from line_outcomes
    where override_row is not null
    group by override_row
)

select
    overrides.override_row, overrides.rule, overrides.hcpcs_code, overrides.date_from, overrides.date_to,
    overrides.action, overrides.note, overrides.approved_by,
    coalesce(uses.line_count, 0) as line_count,
    cast(coalesce(uses.decided_amount, 0) as decimal(18, 2)) as decided_amount
from overrides
left join uses on overrides.override_row = uses.override_row
