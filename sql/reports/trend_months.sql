-- Net dollars by month, twice: by the month of service and by the month of payment. Net as in the headlines.
with line_dates as (
    select
        claim_id,
        claim_line_number,
        max(claim_line_start_date) as service_date,
        max(paid_date) as paid_date
    from selected_findings
    group by claim_id, claim_line_number
),

dated_amounts as (
    select
        'service' as date_kind,
        line_dates.service_date as month_date,
        selected_exposure.net_overpaid_amount,
        selected_exposure.net_review_amount
    from selected_exposure
    inner join line_dates
        on
        selected_exposure.claim_id = line_dates.claim_id
        and selected_exposure.claim_line_number = line_dates.claim_line_number
    union all
    select
        'paid' as date_kind,
        line_dates.paid_date as month_date,
        selected_exposure.net_overpaid_amount,
        selected_exposure.net_review_amount
    from selected_exposure
    inner join line_dates
        on
        selected_exposure.claim_id = line_dates.claim_id
        and selected_exposure.claim_line_number = line_dates.claim_line_number
)

select
    date_kind,
    cast(date_trunc('month', month_date) as date) as period_month,
    count(*) as line_count,
    cast(sum(net_overpaid_amount) as decimal(18, 2)) as net_overpaid_amount,
    cast(sum(net_review_amount) as decimal(18, 2)) as net_review_amount
from dated_amounts
group by date_kind, period_month
order by date_kind desc, period_month nulls last
