-- The order of a member's lines: earlier paid date first (missing last), then claim, then line number.
select
    claim_id, claim_line_number,
    row_number() over (partition by member_id order by paid_date nulls last, claim_id, claim_line_number) as line_order
from netted_lines
where not is_void
