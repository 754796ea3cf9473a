-- Findings of units beyond the one day of a line, shown by lines on the days that a span would take, where each of
-- those lines is itself a single day of several units, or another therapy by its modifier: then the line may still be
-- a span that was billed on its first day, of which at most the days in common were paid twice.
with asked_lines as (
    select judged_lines.*, asked_findings.finding_id
    from asked_findings
    inner join rule_doubts on asked_findings.rule = rule_doubts.rule
    inner join per_diem_units_exceed_days.situations as judged_lines
        on asked_findings.claim_id = judged_lines.claim_id
        and asked_findings.claim_line_number = judged_lines.claim_line_number
    where rule_doubts.doubt = 'span that shows it' and judged_lines.situation = 'filled'
),

therapies as (
    select distinct claim_id, claim_line_number, therapy_rank from priced_per_diem_days
),

filling_lines as (
    select
        asked_lines.finding_id,
        other_spans.claim_id is not null as is_possible_span,
        own_therapies.therapy_rank <> other_therapies.therapy_rank as is_other_therapy
    from asked_lines
    inner join per_diem_lines as others
        on asked_lines.member_id = others.member_id
        and asked_lines.provider_id = others.provider_id
        and asked_lines.hcpcs_code = others.hcpcs_code
        and date_diff('day', asked_lines.claim_line_start_date, others.claim_line_end_date) >= 1
        and date_diff('day', asked_lines.claim_line_start_date, others.claim_line_start_date)
        < asked_lines.units // 1000
    inner join therapies as own_therapies
        on asked_lines.claim_id = own_therapies.claim_id
        and asked_lines.claim_line_number = own_therapies.claim_line_number
    inner join therapies as other_therapies
        on others.claim_id = other_therapies.claim_id
        and others.claim_line_number = other_therapies.claim_line_number
    left join per_diem_units_exceed_days.possible_spans as other_spans
        on others.claim_id = other_spans.claim_id
        and others.claim_line_number = other_spans.claim_line_number
)

select finding_id, 'span that shows it' as doubt, cast(null as varchar) as detail
from filling_lines
group by finding_id
having bool_and(is_possible_span or is_other_therapy)
