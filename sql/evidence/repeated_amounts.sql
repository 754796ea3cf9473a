-- Findings on institutional claims whose lines all have one paid amount, though they were charged otherwise or
-- different services lie on one day: as header_repeats counts them.
with level_claims as (
    select claim_id, coalesce(min(charge_amount) <> max(charge_amount), false) as has_several_charges
    from claim_lines
    where claim_type = 'institutional'
    group by claim_id
    having count(*) > 1 and min(paid_amount) = max(paid_amount) and max(paid_amount) <> 0
),

days_of_several_services as (
    select claim_lines.claim_id, claim_lines.claim_line_start_date
    from claim_lines
    inner join level_claims on claim_lines.claim_id = level_claims.claim_id
    group by claim_lines.claim_id, claim_lines.claim_line_start_date
    having
        min(coalesce(claim_lines.hcpcs_code, claim_lines.revenue_center_code, ''))
        <> max(coalesce(claim_lines.hcpcs_code, claim_lines.revenue_center_code, ''))
),

unlike_claims as (
    select distinct claim_id from days_of_several_services
),

repeating_claims as (
    select level_claims.claim_id
    from level_claims
    left join unlike_claims on level_claims.claim_id = unlike_claims.claim_id
    where level_claims.has_several_charges or unlike_claims.claim_id is not null
)

select asked_findings.finding_id, 'repeated payment' as doubt, cast(null as varchar) as detail
from asked_findings
inner join repeating_claims on asked_findings.claim_id = repeating_claims.claim_id
