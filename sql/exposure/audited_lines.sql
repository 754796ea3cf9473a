-- The allowed lines that the audit speaks of: line of business in scope, date in the period, with the month of that
-- date, if it has one. Claims without TIN or NPI have no provider here, so that they stand together.
select
    claim_lines.claim_id, claim_lines.claim_line_number, claim_lines.member_id,
    case when claim_lines.has_provider then claim_lines.provider_id end as provider_id,
    claim_lines.hcpcs_code, claim_lines.line_of_business,
    claim_lines.claim_line_start_date, claim_lines.claim_line_end_date, claim_lines.day_count,
    claim_lines.service_unit_quantity, claim_lines.paid_amount,
    cast(
        date_trunc(
            'month',
            case when settings.period_by = 'paid' then claim_lines.paid_date else claim_lines.claim_line_start_date end
        ) as date
    ) as period_month
from claim_lines
cross join settings
where claim_lines.is_allowed and claim_lines.is_in_scope and claim_lines.is_in_period
