-- Every known finding with all that its status rests on.
select
    known_findings.*,
    finding_histories.* exclude (finding_id),
    finding_heirs.heir_claim_id, finding_heirs.heir_finding_id,
    coalesce(finding_heirs.is_voided, false) as is_voided,
    standing_lines.standing_claim_id, standing_lines.standing_claim_line_number,
    finding_dispositions.* exclude (finding_id, recovered_amount),
    coalesce(finding_dispositions.recovered_amount, 0.00) as recovered_amount,
    coalesce(line_recoveries.recovered_amount, 0.00) as line_recovered_amount,
    coalesce(
        finding_dispositions.last_disposition in ('overturned', 'written_off')
        or (
            finding_dispositions.last_disposition = 'recovered'
            and finding_dispositions.recovered_amount >= finding_dispositions.amount_then
        ),
        false
    ) as is_closed_by_disposition,
    known_findings.outcome = finding_dispositions.outcome_then
    and known_findings.amount = finding_dispositions.amount_then as is_as_closed,
    known_findings.amount > 0
    and coalesce(line_recoveries.recovered_amount, 0) >= known_findings.amount as is_line_recovered,
    last_statuses.status as previous_status, last_statuses.status_reason as previous_status_reason,
    line_outcomes.outcome as line_outcome, line_outcomes.reason as line_outcome_reason,
    settled_lines.settled_by,
    run_rules.rule is not null as is_rule_run,
    replacement_answers.replacement_open_reason,
    coalesce(replacement_answers.is_replacement_in_period, false)
    and (
        this_run.period_by = 'paid' or replacement_answers.has_replacement_answer
        or known_findings.claim_line_start_date between this_run.period_from and this_run.period_to
    ) as is_replacement_audited,
    coalesce(
        case this_run.period_by when 'paid' then known_findings.paid_date else known_findings.claim_line_start_date end
        between this_run.period_from and this_run.period_to,
        not this_run.has_period
    ) as is_in_period,
    this_run.period_by = 'paid' and known_findings.paid_date is null as is_without_paid_date
from known_findings
cross join this_run
inner join finding_histories on known_findings.finding_id = finding_histories.finding_id
left join finding_heirs on known_findings.finding_id = finding_heirs.finding_id
left join finding_dispositions on known_findings.finding_id = finding_dispositions.finding_id
inner join standing_lines
    on known_findings.claim_id = standing_lines.claim_id
    and known_findings.claim_line_number = standing_lines.claim_line_number
left join replacement_answers on known_findings.finding_id = replacement_answers.finding_id
left join line_recoveries
    on standing_lines.standing_claim_id = line_recoveries.standing_claim_id
    and standing_lines.standing_claim_line_number = line_recoveries.standing_claim_line_number
left join last_statuses on known_findings.finding_id = last_statuses.finding_id
left join line_outcomes
    on known_findings.rule = line_outcomes.rule
    and known_findings.claim_id = line_outcomes.claim_id
    and known_findings.claim_line_number = line_outcomes.claim_line_number
left join settled_lines
    on known_findings.claim_id = settled_lines.claim_id
    and known_findings.claim_line_number = settled_lines.claim_line_number
left join run_rules on known_findings.rule = run_rules.rule
