-- Lines of which a part was taken back, of every member with a finding.
select partial_takebacks.*
from partial_takebacks
inner join (select distinct member_id from findings) as found_members
    on partial_takebacks.member_id = found_members.member_id
