-- Findings that only one of the runs has, or whose outcome or dollars differ.
with paired_findings as (
    select
        coalesce(found_a.rule, found_b.rule) as rule,
        coalesce(found_a.claim_id, found_b.claim_id) as claim_id,
        coalesce(found_a.claim_line_number, found_b.claim_line_number) as claim_line_number,
        coalesce(found_b.member_id, found_a.member_id) as member_id,
        coalesce(found_b.provider_id, found_a.provider_id) as provider_id,
        coalesce(found_b.hcpcs_code, found_a.hcpcs_code) as hcpcs_code,
        found_a.outcome as outcome_a, found_b.outcome as outcome_b,
        found_a.amount as amount_a, found_b.amount as amount_b,
        coalesce(found_a.net_overpaid_amount, 0.00) as net_overpaid_a,
        coalesce(found_b.net_overpaid_amount, 0.00) as net_overpaid_b,
        coalesce(found_a.net_review_amount, 0.00) as net_review_a,
        coalesce(found_b.net_review_amount, 0.00) as net_review_b
    from (select * from credited_findings where run = 'a') as found_a
    full join (select * from credited_findings where run = 'b') as found_b
        on found_a.rule = found_b.rule
        and found_a.claim_id = found_b.claim_id
        and found_a.claim_line_number = found_b.claim_line_number
)

select
    case when outcome_a is null then 'gained' when outcome_b is null then 'lost' else 'changed' end as change,
    *
from paired_findings
where
    outcome_a is distinct from outcome_b
    or amount_a is distinct from amount_b
    or net_overpaid_a <> net_overpaid_b
    or net_review_a <> net_review_b
