-- Findings of nursing beside an infusion visit, on lines of which the visits leave some day without any.
with visit_days as (
    select
        related_visits.claim_id, related_visits.claim_line_number, count(distinct calendar.calendar_date) as visit_days
    from nursing_add_on_without_visit.related_visits as related_visits
    inner join claim_lines as visits
        on related_visits.visit_claim_id = visits.claim_id
        and related_visits.visit_line_number = visits.claim_line_number
    inner join claim_lines
        on related_visits.claim_id = claim_lines.claim_id
        and related_visits.claim_line_number = claim_lines.claim_line_number
    inner join calendar
        on calendar.calendar_date between visits.claim_line_start_date and visits.claim_line_end_date
        and calendar.calendar_date between claim_lines.claim_line_start_date and claim_lines.claim_line_end_date
    group by related_visits.claim_id, related_visits.claim_line_number
)

select
    asked_findings.finding_id, 'days without visits' as doubt, cast(null as varchar) as detail
from asked_findings
inner join rule_doubts on asked_findings.rule = rule_doubts.rule
inner join claim_lines
    on asked_findings.claim_id = claim_lines.claim_id
    and asked_findings.claim_line_number = claim_lines.claim_line_number
inner join visit_days
    on asked_findings.claim_id = visit_days.claim_id
    and asked_findings.claim_line_number = visit_days.claim_line_number
where rule_doubts.doubt = 'days without visits' and visit_days.visit_days < claim_lines.day_count
