-- Lines of the audited period on which nothing is paid any more: denied, or taken back in full by a reversal.
select claim_id, claim_line_number, 'denied' as settled_by
from claim_lines
where is_denied and is_in_scope and is_in_period
union all
select claim_id, claim_line_number, 'reversed' as settled_by
from void_lines
where is_in_period
