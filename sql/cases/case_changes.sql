-- One row per case with a finding that changed: what stands open in it now, findings that were not looked at again
-- included. A case without any is closed. A finding whose line got another provider or month changes two cases.
with open_rows as (
    select * exclude (status_reason) from case_rows
    where is_open
    union all by name
    select * exclude (status, status_reason, is_changed, change, change_reason) from unseen_rows
    where is_open
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

cases_before as (
    select case_key, bool_or(is_open) as was_open
    from exported_rows
    group by case_key
),

touched_rows as (
    select case_key, provider_id, provider_name, rule, rule_title, service_month from case_finding_changes
    union all
    select
        exported_rows.case_key, exported_rows.provider_id, exported_rows.provider_name, exported_rows.rule,
        exported_rows.rule_title, exported_rows.service_month
    from exported_rows
    inner join case_finding_changes
        on exported_rows.finding_id = case_finding_changes.finding_id
        and exported_rows.case_key <> case_finding_changes.case_key
),

touched_cases as (
    select
        case_key, provider_id, max(provider_name) as provider_name, rule, max(rule_title) as rule_title, service_month,
        count(*) as changed_finding_count
    from touched_rows
    group by case_key, provider_id, rule, service_month
)

select
    touched_cases.case_key,
    case
        when case_totals.case_key is null then 'closed'
        when cases_before.case_key is null then 'new'
        when not cases_before.was_open then 'reopened'
        else 'changed'
    end as change,
    touched_cases.provider_id, touched_cases.provider_name, touched_cases.rule, touched_cases.rule_title,
    touched_cases.service_month, coalesce(case_totals.finding_count, 0) as finding_count,
    coalesce(case_totals.claim_count, 0) as claim_count, coalesce(case_totals.member_count, 0) as member_count,
    cast(coalesce(case_totals.net_overpaid_amount, 0) as decimal(18, 2)) as net_overpaid_amount,
    cast(coalesce(case_totals.contingent_overpaid_amount, 0) as decimal(18, 2)) as contingent_overpaid_amount,
    cast(coalesce(case_totals.net_review_amount, 0) as decimal(18, 2)) as net_review_amount,
    case_totals.first_recover_by_date, touched_cases.changed_finding_count
from touched_cases
left join case_totals on touched_cases.case_key = case_totals.case_key
left join cases_before on touched_cases.case_key = cases_before.case_key
