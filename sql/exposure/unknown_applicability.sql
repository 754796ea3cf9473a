-- Lines out of scope of which nobody can tell whether the policy applies: the settings name payers or plans, the line
-- lacks its payer or plan, and what it does say is one of those named.
select claim_lines.claim_id, claim_lines.claim_line_number, claim_lines.paid_amount
from claim_lines
left join applicable_payers as payers on lower(claim_lines.payer) = payers.payer
left join applicable_plans as plans on lower(claim_lines.plan) = plans.plan
left join government_lines_of_business on claim_lines.line_of_business = government_lines_of_business.code
where
    not claim_lines.is_in_scope
    and coalesce(claim_lines.line_of_business, '') not like 'medicare%'
    and coalesce(claim_lines.line_of_business, '') not like 'medicaid%'
    and government_lines_of_business.code is null
    and (not exists (select 1 from applicable_payers) or claim_lines.payer is null or payers.payer is not null)
    and (not exists (select 1 from applicable_plans) or claim_lines.plan is null or plans.plan is not null)
