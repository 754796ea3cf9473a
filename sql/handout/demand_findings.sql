-- One row per overpayment finding: whether its dollars may be demanded.
--
-- Contingent pairs. A bundled or TPN finding says: this item was already paid for by the per diem. Where that per diem
-- is itself overpaid in full, both cannot be taken back: without the per diem there is nothing that the item was
-- included in. The hand-out demands the per diem and leaves the included items out. The per diem is the firmer side,
-- because its breach stands on its own lines, while the item's rests on a per diem that the plan says it did not owe.
-- That holds also where the items are worth more, and where the per diem itself is past its recovery deadline.
--
-- Dependent findings. So it is with whatever else another line shows, a second bill, a code that another excludes, care
-- of a port that an infusion uses: where that line is overpaid in full the finding is left out. The run's own totals
-- call items of per diems alone contingent, so that these dollars are counted apart.
--
-- Nor are they demanded where reviewers closed the finding of the other line: what the run itself calls contingent is
-- not made certain by that. What the notice says of such a line is another matter: `is_related_line_told` only where it
-- is the provider's own, and reviewers did not give its finding up; of one outside the period nobody can tell here.
--
-- A finding is time-barred where the run says so, or where its last day of recovery has passed since the run.
with lines_overpaid_in_full as (
    select claim_id, claim_line_number, provider_id, net_overpaid_amount
    from line_exposure
    where is_overpaid_in_full
    union all
    select claim_id, claim_line_number, provider_id, null as net_overpaid_amount
    from per_diems_outside_period
),

lines_still_found as (
    select findings.claim_id, findings.claim_line_number
    from findings
    inner join finding_standings on findings.finding_id = finding_standings.finding_id
    inner join lines_overpaid_in_full as lines
        on findings.claim_id = lines.claim_id and findings.claim_line_number = lines.claim_line_number
    where
        findings.outcome = 'overpayment' and findings.amount = lines.net_overpaid_amount
        and not finding_standings.is_given_up
    group by findings.claim_id, findings.claim_line_number
)

select
    findings.*, rule_wording.rule_number, rule_wording.title as rule_title,
    related_lines.claim_id is not null and rule_wording.is_contingent_on_per_diem as is_contingent,
    related_lines.claim_id is not null and rule_wording.is_dependent_on_line
    and not rule_wording.is_contingent_on_per_diem as is_dependent,
    lines_still_found.claim_id is not null and related_lines.provider_id = findings.provider_id as is_related_line_told,
    finding_standings.is_closed, finding_standings.last_disposition, finding_standings.recovered_amount,
    finding_standings.line_recovered_amount,
    coalesce(recovery.recovery_status = 'time_barred', false)
    or coalesce(recovery.recover_by_date < handout.as_of_date, false) as is_time_barred,
    coalesce(recovery.recovery_status, 'unknown') as recovery_status, recovery.recover_by_date
from findings
cross join handout
inner join rule_wording on findings.rule = rule_wording.rule
inner join finding_standings on findings.finding_id = finding_standings.finding_id
left join recovery on findings.finding_id = recovery.finding_id
left join lines_overpaid_in_full as related_lines
    on findings.related_claim_id = related_lines.claim_id
    and findings.related_claim_line_number = related_lines.claim_line_number
left join lines_still_found
    on related_lines.claim_id = lines_still_found.claim_id
    and related_lines.claim_line_number = lines_still_found.claim_line_number
where findings.outcome = 'overpayment'
