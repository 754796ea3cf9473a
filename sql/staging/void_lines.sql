-- Lines that a reversal took back in full.
select claim_id, claim_line_number, is_in_period
from netted_lines
where is_void
