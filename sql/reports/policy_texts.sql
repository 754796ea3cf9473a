-- Which text of the policy the findings rest on: lines and net dollars by the text of the finding that is credited with
-- them; the last row is their total.
with credited_texts as (
    select
        findings.policy_text,
        selected_exposure.net_overpaid_amount,
        0.00 as net_review_amount,
        1 as overpaid_line_count,
        0 as review_line_count
    from selected_exposure
    inner join findings
        on
        selected_exposure.claim_id = findings.claim_id
        and selected_exposure.claim_line_number = findings.claim_line_number
        and selected_exposure.overpaid_rule = findings.rule
    union all
    select
        findings.policy_text,
        0.00 as net_overpaid_amount,
        selected_exposure.net_review_amount,
        0 as overpaid_line_count,
        1 as review_line_count
    from selected_exposure
    inner join findings
        on
        selected_exposure.claim_id = findings.claim_id
        and selected_exposure.claim_line_number = findings.claim_line_number
        and selected_exposure.review_rule = findings.rule
)

select
    case when grouping(policy_text) = 1 then 'All texts' else policy_text end as policy_text,
    cast(sum(overpaid_line_count) as bigint) as overpaid_line_count,
    cast(sum(net_overpaid_amount) as decimal(18, 2)) as net_overpaid_amount,
    cast(sum(review_line_count) as bigint) as review_line_count,
    cast(sum(net_review_amount) as decimal(18, 2)) as net_review_amount,
    grouping(policy_text) = 1 as is_total
from credited_texts
group by grouping sets ((policy_text), ())
having count(*) > 0
order by is_total, net_overpaid_amount desc, policy_text
