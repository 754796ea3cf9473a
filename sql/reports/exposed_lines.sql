-- One row per claim line with a finding, each dollar once, with its month, provider name and code label.
-- The month is that of the date that chooses the period: the from date, or the paid date.
with finding_dates as (
    select
        claim_id,
        claim_line_number,
        max(paid_date) as paid_date
    from selected_findings
    group by claim_id, claim_line_number
),

run_parameters as (
    select coalesce(body -> 'parameters' ->> 'period_by', 'service') as period_by
    from manifest
),

dated_lines as (
    select
        selected_exposure.*,
        case
            when run_parameters.period_by = 'paid' then finding_dates.paid_date
            else selected_exposure.claim_line_start_date
        end as period_date,
        selected_exposure.provider_id like 'claim %' as is_without_provider
    from selected_exposure
    cross join run_parameters
    left join finding_dates
        on
        selected_exposure.claim_id = finding_dates.claim_id
        and selected_exposure.claim_line_number = finding_dates.claim_line_number
)

select
    dated_lines.claim_id,
    dated_lines.claim_line_number,
    dated_lines.member_id,
    dated_lines.hcpcs_code,
    code_labels.label as code_label,
    dated_lines.paid_amount,
    dated_lines.net_overpaid_amount,
    dated_lines.net_review_amount,
    dated_lines.overpaid_rule,
    dated_lines.review_rule,
    dated_lines.is_without_provider,
    coalesce(dated_lines.contingent_overpaid_amount, 0.00) as contingent_overpaid_amount,
    dated_lines.overpaid_rule is not null as is_overpaid,
    dated_lines.review_rule is not null as is_under_review,
    cast(date_trunc('month', dated_lines.period_date) as date) as period_month,
    case when not dated_lines.is_without_provider then dated_lines.provider_id end as provider_id,
    case
        when dated_lines.is_without_provider then 'Claims without TIN or NPI'
        else coalesce(providers.name, dated_lines.provider_id)
    end as provider_name
from dated_lines
left join providers on dated_lines.provider_id = providers.provider_id
left join code_labels on dated_lines.hcpcs_code = code_labels.hcpcs_code
