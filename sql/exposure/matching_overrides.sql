-- The overrides of the plan that match a line that a rule considered; place 1 counts: an exemption first.
select
    gated_outcomes.rule, gated_outcomes.claim_id, gated_outcomes.claim_line_number,
    overrides.action, overrides.override_row,
    row_number() over (
        partition by gated_outcomes.rule, gated_outcomes.claim_id, gated_outcomes.claim_line_number
        order by overrides.action, overrides.override_row
    ) as place
from gated_outcomes
inner join overrides
    on gated_outcomes.rule = overrides.rule and gated_outcomes.provider_id = overrides.provider_id
where
    (overrides.hcpcs_code is null or overrides.hcpcs_code = gated_outcomes.hcpcs_code)
    and gated_outcomes.claim_line_start_date between overrides.date_from and overrides.date_to
    and (
        (overrides.action = 'exempt' and gated_outcomes.gated_outcome in ('overpayment', 'review'))
        or (overrides.action = 'review' and gated_outcomes.gated_outcome = 'overpayment')
    )
