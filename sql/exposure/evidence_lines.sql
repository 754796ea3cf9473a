-- The staged lines of every member with a finding: what a finding joins back to. Two columns rest on lines of other
-- members too: whether the provider bills per diems at all, and the home infusion context of the line.
select
    claim_lines.*,
    suppliers.provider_id is not null as is_supplier,
    home_infusion_context.context as home_infusion_context
from claim_lines
inner join (select distinct member_id from findings) as found_members on claim_lines.member_id = found_members.member_id
left join suppliers on claim_lines.provider_id = suppliers.provider_id
left join home_infusion_context
    on claim_lines.claim_id = home_infusion_context.claim_id
    and claim_lines.claim_line_number = home_infusion_context.claim_line_number
