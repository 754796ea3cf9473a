-- Potential overpayment that rests on a per diem which is itself overpaid in full, and the rest, with the members of
-- each: a line may stand in both.
select
    count(distinct member_id) filter (where contingent_overpaid_amount > 0) as contingent_member_count,
    count(distinct member_id) filter (where net_overpaid_amount > contingent_overpaid_amount) as firm_member_count,
    cast(coalesce(sum(contingent_overpaid_amount), 0) as decimal(18, 2)) as contingent_amount,
    cast(coalesce(sum(net_overpaid_amount - contingent_overpaid_amount), 0) as decimal(18, 2)) as firm_amount
from exposed_lines
where is_overpaid
