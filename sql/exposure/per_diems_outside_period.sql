-- Per diem and other lines outside the period that are overpaid in full, as `line_exposure` says it of lines of the
-- period, and that overpayments of the period rest on: both cannot be taken back, in whatever period each is demanded.
with ranked_overpayments as (
    select
        outcome_changes.*,
        row_number() over (
            partition by outcome_changes.claim_id, outcome_changes.claim_line_number
            order by outcome_changes.decided_amount desc, outcome_changes.rule_number
        ) as place
    from outcome_changes
    cross join settings
    where
        not outcome_changes.is_in_period and outcome_changes.outcome = 'overpayment'
        and outcome_changes.decided_amount >= settings.minimum_amount
)

select claim_id, claim_line_number, provider_id, rule as overpaid_rule
from ranked_overpayments
where place = 1 and decided_amount = paid_amount and paid_amount > 0
