-- The rows to be read of files out of reach: those of the claims that bear on lines within it.
select delivered_rows.source_file, delivered_rows.source_row
from delivered_rows
inner join evidence_claims on delivered_rows.claim_id = evidence_claims.claim_id
inner join file_reach on delivered_rows.source_file = file_reach.source_file
where not file_reach.is_within_reach
