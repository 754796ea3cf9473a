-- Findings that rest on a per diem being absent on the days of the line, where one that bills several units on an
-- earlier day may be a span that takes in these days.
select distinct missed_per_diems.finding_id, 'per diem on one day' as doubt, cast(null as varchar) as detail
from missed_per_diems
inner join rule_doubts on missed_per_diems.rule = rule_doubts.rule
inner join per_diem_units_exceed_days.situations as judged_lines
    on missed_per_diems.member_id = judged_lines.member_id
    and missed_per_diems.code = judged_lines.hcpcs_code
    and judged_lines.claim_line_start_date between missed_per_diems.valid_from and missed_per_diems.valid_to
    and date_diff('day', judged_lines.claim_line_start_date, missed_per_diems.claim_line_end_date) >= 1
    and date_diff('day', judged_lines.claim_line_start_date, missed_per_diems.claim_line_start_date)
    < judged_lines.units // 1000
where
    rule_doubts.doubt = 'per diem on one day'
    and judged_lines.situation = 'span on first day'
    and (missed_per_diems.is_of_any_provider or missed_per_diems.provider_id = judged_lines.provider_id)
