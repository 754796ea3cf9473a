-- One row: the members behind what is left over when totals are set against each other. The list of references tells
-- how many members and claims have findings at all; less those with an overpayment, with a lead, and so on.
with found_claims as (
    select
        member_id,
        claim_id,
        bool_or(is_overpaid) as has_overpayment,
        bool_or(is_under_review) as has_review
    from exposed_lines
    group by member_id, claim_id
),

found_members as (
    select
        member_id,
        bool_or(has_overpayment) as has_overpayment,
        bool_or(has_review) as has_review
    from found_claims
    group by member_id
),

member_counts as (
    select
        count(*) as found_member_count,
        count(*) filter (where not has_overpayment) as without_overpayment_member_count,
        count(*) filter (where not has_review) as without_review_member_count,
        count(*) filter (where has_overpayment and has_review) as both_member_count
    from found_members
),

claim_counts as (
    select
        count(distinct member_id) filter (where not has_overpayment) as without_overpayment_claim_member_count,
        count(distinct member_id) filter (where not has_review) as without_review_claim_member_count,
        count(distinct member_id) filter (where has_overpayment and has_review) as both_claim_member_count
    from found_claims
),

clean_counts as (
    select
        count(distinct claim_lines.member_id) as clean_line_member_count,
        count(distinct claim_lines.member_id) filter (where found_claims.claim_id is null) as clean_claim_member_count
    from claim_lines
    left join exposed_lines
        on
        claim_lines.claim_id = exposed_lines.claim_id
        and claim_lines.claim_line_number = exposed_lines.claim_line_number
    left join found_claims on claim_lines.claim_id = found_claims.claim_id
    where exposed_lines.claim_id is null
)

select *
from member_counts
cross join claim_counts
cross join clean_counts
