-- One row per case with a finding that changed: what stands open in it now, findings that were not looked at again
-- included. A case without any is closed.
with open_rows as (
    select
        case_key, provider_id, provider_name, rule, rule_title, service_month, outcome, claim_id, member_id, amount,
        net_overpaid_amount, contingent_overpaid_amount, net_review_amount, recover_by_date
    from case_rows
    union all
    select
        exported_rows.case_key, exported_rows.provider_id, exported_rows.provider_name, exported_rows.rule,
        exported_rows.rule_title, exported_rows.service_month, exported_rows.outcome, exported_rows.claim_id,
        exported_rows.member_id, exported_rows.amount, exported_rows.net_overpaid_amount,
        exported_rows.contingent_overpaid_amount, exported_rows.net_review_amount, exported_rows.recover_by_date
    from exported_rows
    inner join vanished_findings on exported_rows.finding_id = vanished_findings.finding_id
    where not vanished_findings.is_closed
),

case_totals as (
    select
        case_key, count(*) as finding_count, count(distinct claim_id) as claim_count,
        count(distinct member_id) as member_count, sum(net_overpaid_amount) as net_overpaid_amount,
        sum(contingent_overpaid_amount) as contingent_overpaid_amount, sum(net_review_amount) as net_review_amount,
        min(recover_by_date) as first_recover_by_date
    from open_rows
    group by case_key
),

open_before as (
    select case_key, max(case when row_change <> 'closed' then 1 else 0 end) as was_open
    from exported_rows
    group by case_key
),

changed_cases as (
    select
        case_key, provider_id, max(provider_name) as provider_name, rule, max(rule_title) as rule_title, service_month,
        count(*) as changed_finding_count
    from case_finding_changes
    group by case_key, provider_id, rule, service_month
)

select
    changed_cases.case_key,
    case
        when case_totals.case_key is null then 'closed'
        when open_before.case_key is null then 'new'
        when open_before.was_open = 0 then 'reopened'
        else 'changed'
    end as case_change,
    changed_cases.provider_id, changed_cases.provider_name, changed_cases.rule, changed_cases.rule_title,
    changed_cases.service_month, coalesce(case_totals.finding_count, 0) as finding_count,
    coalesce(case_totals.claim_count, 0) as claim_count, coalesce(case_totals.member_count, 0) as member_count,
    cast(coalesce(case_totals.net_overpaid_amount, 0) as decimal(18, 2)) as net_overpaid_amount,
    cast(coalesce(case_totals.contingent_overpaid_amount, 0) as decimal(18, 2)) as contingent_overpaid_amount,
    cast(coalesce(case_totals.net_review_amount, 0) as decimal(18, 2)) as net_review_amount,
    case_totals.first_recover_by_date, changed_cases.changed_finding_count
from changed_cases
left join case_totals on changed_cases.case_key = case_totals.case_key
left join open_before on changed_cases.case_key = open_before.case_key
