-- Findings that rest on a per diem being absent on the days of the line, where such a per diem was billed for one of
-- these days and not allowed.
select distinct missed_per_diems.finding_id, 'denied per diem' as doubt, cast(null as varchar) as detail
from missed_per_diems
inner join rule_doubts on missed_per_diems.rule = rule_doubts.rule
inner join claim_lines
    on missed_per_diems.member_id = claim_lines.member_id
    and missed_per_diems.code = claim_lines.hcpcs_code
    and claim_lines.claim_line_start_date between missed_per_diems.valid_from and missed_per_diems.valid_to
    and missed_per_diems.claim_line_start_date <= claim_lines.claim_line_end_date
    and missed_per_diems.claim_line_end_date >= claim_lines.claim_line_start_date
where
    rule_doubts.doubt = 'denied per diem'
    and not claim_lines.is_allowed
    and (missed_per_diems.is_of_any_provider or missed_per_diems.provider_id = claim_lines.provider_id)
