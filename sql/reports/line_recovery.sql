-- One row per exposed line: its net overpaid dollars by what the lookback limits say on the day of the run.
-- A line's dollars can rest on findings of several rules, and limits can exempt single rules: what any finding of the
-- line can still claim is recoverable, what is unknown comes after it, the rest is time-barred. Each dollar once.
with finding_times as (
    select
        findings.claim_id,
        findings.claim_line_number,
        findings.rule,
        findings.outcome,
        findings.amount,
        coalesce(recovery.recovery_status, 'unknown') as recovery_status,
        recovery.days_left
    from findings
    left join recovery on findings.finding_id = recovery.finding_id
),

line_amounts as (
    select
        claim_id,
        claim_line_number,
        coalesce(max(amount) filter (where recovery_status = 'recoverable'), 0.00) as recoverable_amount,
        coalesce(max(amount) filter (where recovery_status <> 'time_barred'), 0.00) as not_barred_amount,
        coalesce(
            max(amount) filter (where recovery_status = 'recoverable' and coalesce(days_left, 31) > 30), 0.00
        ) as left_in_30_days_amount,
        coalesce(
            max(amount) filter (where recovery_status = 'recoverable' and coalesce(days_left, 61) > 60), 0.00
        ) as left_in_60_days_amount,
        coalesce(
            max(amount) filter (where recovery_status = 'recoverable' and coalesce(days_left, 91) > 90), 0.00
        ) as left_in_90_days_amount,
        coalesce(
            max(amount) filter (where recovery_status = 'recoverable' and days_left is null), 0.00
        ) as without_last_day_amount
    from finding_times
    where outcome = 'overpayment'
    group by claim_id, claim_line_number
)

select
    exposed_lines.claim_id,
    exposed_lines.claim_line_number,
    exposed_lines.provider_id,
    exposed_lines.provider_name,
    exposed_lines.is_without_provider,
    exposed_lines.overpaid_rule,
    exposed_lines.is_overpaid,
    exposed_lines.net_overpaid_amount,
    exposed_lines.contingent_overpaid_amount,
    exposed_lines.is_under_review,
    exposed_lines.net_review_amount,
    review_times.days_left as review_days_left,
    case when exposed_lines.is_under_review then coalesce(review_times.recovery_status, 'unknown') end
        as review_status,
    line_amounts.recoverable_amount,
    line_amounts.not_barred_amount - line_amounts.recoverable_amount as unknown_amount,
    exposed_lines.net_overpaid_amount - line_amounts.not_barred_amount as time_barred_amount,
    line_amounts.recoverable_amount - line_amounts.left_in_30_days_amount as within_30_days_amount,
    line_amounts.left_in_30_days_amount - line_amounts.left_in_60_days_amount as within_60_days_amount,
    line_amounts.left_in_60_days_amount - line_amounts.left_in_90_days_amount as within_90_days_amount,
    line_amounts.left_in_90_days_amount - line_amounts.without_last_day_amount as later_amount,
    line_amounts.without_last_day_amount
from exposed_lines
left join line_amounts
    on
    exposed_lines.claim_id = line_amounts.claim_id
    and exposed_lines.claim_line_number = line_amounts.claim_line_number
    and exposed_lines.is_overpaid
left join finding_times as review_times
    on
    exposed_lines.claim_id = review_times.claim_id
    and exposed_lines.claim_line_number = review_times.claim_line_number
    and exposed_lines.review_rule = review_times.rule
    and review_times.outcome = 'review'
