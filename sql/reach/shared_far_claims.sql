-- Claim ids that stand for two members in files out of reach: no finding on either member stands.
select delivered_rows.claim_id
from delivered_rows
inner join file_reach on delivered_rows.source_file = file_reach.source_file
where not file_reach.is_within_reach
group by delivered_rows.claim_id
having min(delivered_rows.member_id) <> max(delivered_rows.member_id)
