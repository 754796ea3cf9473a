-- Findings of days paid twice whose lines bill together no more units than they have days, counted once: each unit may
-- have a day of its own. Lines with one and the same span and units look like one bill sent twice, and are left out.
with lines_together as (
    select asked_findings.finding_id, asked_findings.claim_id, asked_findings.claim_line_number
    from asked_findings
    inner join rule_doubts on asked_findings.rule = rule_doubts.rule
    where rule_doubts.doubt = 'units within days'
    union
    select evidence_days.finding_id, evidence_days.proof_claim_id, evidence_days.proof_claim_line_number
    from evidence_days
    inner join asked_findings on evidence_days.finding_id = asked_findings.finding_id
    inner join rule_doubts on asked_findings.rule = rule_doubts.rule
    where rule_doubts.doubt = 'units within days' and evidence_days.proof_claim_id is not null
),

units_together as (
    select lines_together.finding_id, sum(claim_lines.service_unit_quantity) as unit_quantity
    from lines_together
    inner join claim_lines
        on lines_together.claim_id = claim_lines.claim_id
        and lines_together.claim_line_number = claim_lines.claim_line_number
    group by lines_together.finding_id
    having
        count(*) > 1 and count(*) = count(case when claim_lines.service_unit_quantity > 0 then 1 end)
        and (
            min(claim_lines.claim_line_start_date) < max(claim_lines.claim_line_start_date)
            or min(claim_lines.claim_line_end_date) < max(claim_lines.claim_line_end_date)
            or min(claim_lines.service_unit_quantity) < max(claim_lines.service_unit_quantity)
        )
),

days_together as (
    select lines_together.finding_id, count(distinct per_diem_days.service_date) as day_count
    from lines_together
    inner join per_diem_days
        on lines_together.claim_id = per_diem_days.claim_id
        and lines_together.claim_line_number = per_diem_days.claim_line_number
    group by lines_together.finding_id
)

select units_together.finding_id, 'units within days' as doubt, cast(null as varchar) as detail
from units_together
inner join days_together on units_together.finding_id = days_together.finding_id
where units_together.unit_quantity <= days_together.day_count
