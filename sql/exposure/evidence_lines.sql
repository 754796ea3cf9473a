-- The staged lines of every member with a finding: what a finding joins back to.
select claim_lines.*
from claim_lines
inner join (select distinct member_id from findings) as found_members on claim_lines.member_id = found_members.member_id
