-- Who billed what, when: the allowed lines of the audit by provider, code, line of business and month. Sums only.
with sums as (
    select
        provider_id, hcpcs_code, line_of_business, period_month,
        count(*) as line_count, count(distinct claim_id) as claim_count, count(distinct member_id) as member_count,
        sum(day_count) as day_count, sum(service_unit_quantity) as unit_quantity, sum(paid_amount) as paid_amount
    from audited_lines
    group by provider_id, hcpcs_code, line_of_business, period_month
)

select
    sums.provider_id, sums.hcpcs_code, sums.line_of_business, sums.period_month,
    coalesce(code_kinds.code_kind, 'other') as code_kind, code_kinds.family as therapy_family,
    sums.line_count, sums.claim_count, sums.member_count,
    cast(sums.day_count as bigint) as day_count,
    cast(sums.unit_quantity as decimal(28, 3)) as unit_quantity,
    cast(sums.paid_amount as decimal(18, 2)) as paid_amount
from sums
left join code_kinds on sums.hcpcs_code = code_kinds.hcpcs_code
