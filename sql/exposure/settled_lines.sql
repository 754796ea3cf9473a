-- Lines of the audited period on which nothing is paid any more: denied, or taken back in full by a reversal.
with unpaid_lines as (
    select claim_id, claim_line_number, claim_line_start_date, paid_date, 'denied' as settled_by
    from claim_lines
    where is_denied and is_in_scope
    union all
    select claim_id, claim_line_number, claim_line_start_date, paid_date, 'reversed' as settled_by
    from void_lines
)

select unpaid_lines.claim_id, unpaid_lines.claim_line_number, unpaid_lines.settled_by
from unpaid_lines
cross join settings
where
    case when settings.period_by = 'paid' then unpaid_lines.paid_date else unpaid_lines.claim_line_start_date end
    between settings.period_from and settings.period_to
