-- View: the rows of audited claims that no other claim replaced or voided.
select audited_rows.*, coalesce(audited_rows.paid_amount, 0) as row_paid_amount
from audited_rows
left join superseded_claims on audited_rows.claim_id = superseded_claims.claim_id
where superseded_claims.claim_id is null
