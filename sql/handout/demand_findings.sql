-- One row per overpayment finding: whether its dollars may be demanded.
--
-- Contingent pairs. A bundled or TPN finding says: this item was already paid for by the per diem. Where that per diem
-- is itself overpaid in full, both cannot be taken back: without the per diem there is nothing that the item was
-- included in. The hand-out demands the per diem and leaves the included items out. The per diem is the firmer side,
-- because its breach stands on its own lines, while the item's rests on a per diem that the plan says it did not owe.
-- That holds also where the items are worth more, and where the per diem itself is past its recovery deadline.
--
-- A finding is time-barred where the run says so, or where its last day of recovery has passed since the run.
with per_diems_overpaid_in_full as (
    select claim_id, claim_line_number
    from line_exposure
    where net_overpaid_amount = paid_amount and paid_amount > 0
)

select
    findings.*, rule_wording.rule_number, rule_wording.title as rule_title,
    per_diems.claim_id is not null as is_contingent,
    coalesce(recovery.recovery_status = 'time_barred', false)
    or coalesce(recovery.recover_by_date < handout.as_of_date, false) as is_time_barred,
    coalesce(recovery.recovery_status, 'unknown') as recovery_status, recovery.recover_by_date
from findings
cross join handout
inner join rule_wording on findings.rule = rule_wording.rule
left join recovery on findings.finding_id = recovery.finding_id
left join per_diems_overpaid_in_full as per_diems
    on findings.related_claim_id = per_diems.claim_id
    and findings.related_claim_line_number = per_diems.claim_line_number
    and rule_wording.is_contingent_on_per_diem
where findings.outcome = 'overpayment'
