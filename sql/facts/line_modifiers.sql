-- One row per line and modifier that means something to a rule, in whatever position it was billed.
select
    claim_lines.claim_id, claim_lines.claim_line_number, modifier_codes.code as modifier_code,
    modifier_codes.use as modifier_use, modifier_codes.therapy_rank
from claim_lines
inner join modifier_codes
    on (',' || claim_lines.modifiers || ',') like ('%,' || modifier_codes.code || ',%')
    and claim_lines.claim_line_start_date between modifier_codes.valid_from and modifier_codes.valid_to
where claim_lines.modifiers <> ''
