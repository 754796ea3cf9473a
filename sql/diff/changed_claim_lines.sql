-- Claim lines of a finding's member whose delivered values differ between the runs, or that only one of the runs has.
-- A run keeps all staged lines of a member with a finding, so a line that is missing there is gone; of other members
-- it keeps what the rules considered, so a considered line that is missing there is gone too, unless the settings
-- leave other lines out.
with delivered_a as (
    select
        claim_id, claim_line_number, member_id,
        row(
            member_id, provider_id, claim_type, claim_line_start_date, claim_line_end_date, hcpcs_code,
            service_unit_quantity, paid_amount, allowed_amount, place_of_service_code, bill_type_code,
            revenue_center_code, modifiers, diagnosis_codes, ndc_code, paid_date, claim_start_date, claim_end_date,
            admission_date, discharge_date, line_of_business, funding, other_payer_paid_amount, payer, plan,
            claim_line_status, case when drug_name_source = 'claim' then drug_name end
        ) as delivered
    from claim_lines_a
),

delivered_b as (
    select
        claim_id, claim_line_number, member_id,
        row(
            member_id, provider_id, claim_type, claim_line_start_date, claim_line_end_date, hcpcs_code,
            service_unit_quantity, paid_amount, allowed_amount, place_of_service_code, bill_type_code,
            revenue_center_code, modifiers, diagnosis_codes, ndc_code, paid_date, claim_start_date, claim_end_date,
            admission_date, discharge_date, line_of_business, funding, other_payer_paid_amount, payer, plan,
            claim_line_status, case when drug_name_source = 'claim' then drug_name end
        ) as delivered
    from claim_lines_b
),

considered_lines as (
    select 'a' as run, claim_id, claim_line_number, max(paid_amount) as paid_amount from line_outcomes_a
    group by claim_id, claim_line_number
    union all
    select 'b' as run, claim_id, claim_line_number, max(paid_amount) as paid_amount from line_outcomes_b
    group by claim_id, claim_line_number
),

compared_lines as (
    select
        coalesce(delivered_a.claim_id, delivered_b.claim_id) as claim_id,
        coalesce(delivered_a.claim_line_number, delivered_b.claim_line_number) as claim_line_number,
        coalesce(delivered_a.member_id, delivered_b.member_id) as member_id,
        delivered_a.claim_id is null as is_missing_in_a,
        delivered_b.claim_id is null as is_missing_in_b,
        not coalesce(delivered_a.delivered = delivered_b.delivered, false) as is_different
    from delivered_a
    full join delivered_b
        on delivered_a.claim_id = delivered_b.claim_id
        and delivered_a.claim_line_number = delivered_b.claim_line_number
),

members_of_both as (
    select member_id from claim_lines_a
    intersect
    select member_id from claim_lines_b
),

judged_lines as (
    select
        compared_lines.claim_id, compared_lines.claim_line_number, compared_lines.member_id,
        case
            when
                not (compared_lines.is_missing_in_a or compared_lines.is_missing_in_b)
                or members_of_both.member_id is not null
            then compared_lines.is_different
            when considered_a.claim_id is null and considered_b.claim_id is null then false
            when considered_a.claim_id is null or considered_b.claim_id is null then not run_changes.has_scope_changed
            else considered_a.paid_amount <> considered_b.paid_amount
        end as is_changed
    from compared_lines
    cross join run_changes
    left join members_of_both on compared_lines.member_id = members_of_both.member_id
    left join considered_lines as considered_a
        on considered_a.run = 'a'
        and compared_lines.claim_id = considered_a.claim_id
        and compared_lines.claim_line_number = considered_a.claim_line_number
    left join considered_lines as considered_b
        on considered_b.run = 'b'
        and compared_lines.claim_id = considered_b.claim_id
        and compared_lines.claim_line_number = considered_b.claim_line_number
)

select judged_lines.claim_id, judged_lines.claim_line_number, judged_lines.member_id
from judged_lines
cross join run_changes
where run_changes.has_data_changed and judged_lines.is_changed
