-- The rows of audited claims, with what netting asks of a row. All else of a row stays where it was read until it is
-- known to stand for a line. What is allowed on a row that the plan has neither decided nor paid is not known.
select
    typed_rows.source_file, typed_rows.source_row, typed_rows.claim_id, typed_rows.claim_line_number,
    typed_rows.member_id, typed_rows.claim_line_start_date, typed_rows.paid_date, typed_rows.paid_amount,
    case
        when coalesce(typed_rows.claim_line_status, '') <> 'pended' or typed_rows.paid_amount <> 0
        then typed_rows.allowed_amount
    end as allowed_amount,
    typed_rows.charge_amount, typed_rows.service_unit_quantity
from typed_rows
inner join audited_claims on typed_rows.claim_id = audited_claims.claim_id
