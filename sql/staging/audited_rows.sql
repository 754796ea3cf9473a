-- The rows of audited claims: the small table that everything after this works on.
select typed_rows.*
from typed_rows
inner join audited_claims on typed_rows.claim_id = audited_claims.claim_id
