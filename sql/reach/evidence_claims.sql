-- Claims of the files out of reach that still bear on lines within it: per diems, bought pumps and their batteries,
-- everything of a member with an implanted pump (its runs of days have no longest length), stays of members with a per
-- diem (nor have they), replacements, voids and reversals with their originals, claims that go on in a file within
-- reach, claim ids that stand for two members, and one claim that shows that bills have types, and lines modifiers.
with far_rows as (
    select delivered_rows.*
    from delivered_rows
    inner join file_reach on delivered_rows.source_file = file_reach.source_file
    where not file_reach.is_within_reach
),

near_claims as (
    select distinct delivered_rows.claim_id
    from delivered_rows
    inner join file_reach on delivered_rows.source_file = file_reach.source_file
    where file_reach.is_within_reach
),

implanted_pump_members as (
    select distinct delivered_rows.member_id
    from delivered_rows
    inner join lasting_codes on delivered_rows.hcpcs_code = lasting_codes.code
    where lasting_codes.is_implanted_pump
),

lasting_members as (
    select distinct delivered_rows.member_id
    from delivered_rows
    inner join lasting_codes on delivered_rows.hcpcs_code = lasting_codes.code
),

original_claims as (
    select distinct original_claim_id as claim_id from delivered_rows
    where original_claim_id is not null
)

select distinct far_rows.claim_id
from far_rows
left join lasting_codes on far_rows.hcpcs_code = lasting_codes.code
left join implanted_pump_members on far_rows.member_id = implanted_pump_members.member_id
left join lasting_members on far_rows.member_id = lasting_members.member_id
left join stay_bill_types on left(far_rows.bill_type_code, 2) = stay_bill_types.bill_type_prefix
left join stay_revenue_codes on far_rows.revenue_center_code = stay_revenue_codes.code
left join original_claims on far_rows.claim_id = original_claims.claim_id
left join near_claims on far_rows.claim_id = near_claims.claim_id
left join shared_far_claims on far_rows.claim_id = shared_far_claims.claim_id
left join showing_claims on far_rows.claim_id = showing_claims.claim_id
where
    lasting_codes.code is not null
    or implanted_pump_members.member_id is not null
    or (lasting_members.member_id is not null and stay_bill_types.bill_type_prefix is not null)
    or (
        lasting_members.member_id is not null and far_rows.bill_type_code is null
        and (
            stay_revenue_codes.code is not null
            or (far_rows.claim_type = 'institutional' and far_rows.admission_date is not null)
        )
    )
    or original_claims.claim_id is not null
    or near_claims.claim_id is not null
    or shared_far_claims.claim_id is not null
    or showing_claims.claim_id is not null
    or far_rows.frequency_code in ('7', '8')
    or far_rows.paid_amount < 0 or far_rows.allowed_amount < 0
    or far_rows.charge_amount < 0 or far_rows.service_unit_quantity < 0
