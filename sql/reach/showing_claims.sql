-- Of files out of reach one claim that shows that bills have types, and one that lines have modifiers: both are asked
-- of the whole file.
select min(delivered_rows.claim_id) as claim_id
from delivered_rows
inner join file_reach on delivered_rows.source_file = file_reach.source_file
where not file_reach.is_within_reach and delivered_rows.bill_type_code is not null
union
select min(delivered_rows.claim_id) as claim_id
from delivered_rows
inner join file_reach on delivered_rows.source_file = file_reach.source_file
where not file_reach.is_within_reach and delivered_rows.hcpcs_modifier_1 is not null
