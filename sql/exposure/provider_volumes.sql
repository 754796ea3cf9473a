-- How much each provider billed: what a provider's findings are measured against. Claims without TIN or NPI together.
select
    audited_lines.provider_id,
    count(*) as line_count, count(distinct audited_lines.claim_id) as claim_count,
    count(distinct audited_lines.member_id) as member_count,
    count(*) filter (where code_kinds.code_kind = 'per diem') as per_diem_line_count,
    cast(coalesce(sum(case when code_kinds.code_kind = 'per diem' then audited_lines.day_count end), 0) as bigint)
        as per_diem_day_count,
    cast(
        coalesce(sum(case when code_kinds.code_kind = 'per diem' then audited_lines.paid_amount end), 0)
        as decimal(18, 2)
    ) as per_diem_paid_amount,
    cast(sum(audited_lines.paid_amount) as decimal(18, 2)) as paid_amount
from audited_lines
left join code_kinds on audited_lines.hcpcs_code = code_kinds.hcpcs_code
group by audited_lines.provider_id
