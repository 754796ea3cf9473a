-- Who billed what, when: the allowed lines of the audit by provider, code, line of business and month. Sums only.
select
    audited_lines.provider_id, audited_lines.hcpcs_code, audited_lines.line_of_business, audited_lines.period_month,
    coalesce(code_kinds.code_kind, 'other') as code_kind, code_kinds.family as therapy_family,
    count(*) as line_count, count(distinct audited_lines.claim_id) as claim_count,
    count(distinct audited_lines.member_id) as member_count,
    cast(sum(audited_lines.day_count) as bigint) as day_count,
    cast(sum(audited_lines.service_unit_quantity) as decimal(18, 3)) as unit_quantity,
    cast(sum(audited_lines.paid_amount) as decimal(18, 2)) as paid_amount
from audited_lines
left join code_kinds on audited_lines.hcpcs_code = code_kinds.hcpcs_code
group by
    audited_lines.provider_id, audited_lines.hcpcs_code, audited_lines.line_of_business, audited_lines.period_month,
    code_kinds.code_kind, code_kinds.family
