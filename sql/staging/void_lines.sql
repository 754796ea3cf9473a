-- Lines that a reversal took back in full.
select claim_id, claim_line_number, claim_line_start_date, paid_date
from netted_lines
where is_void
