-- What takes money back and names no payment of the file, of every member with a finding.
select lone_reversals.*
from lone_reversals
inner join (select distinct member_id from findings) as found_members
    on lone_reversals.member_id = found_members.member_id
