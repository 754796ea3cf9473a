-- Paid on allowed lines, in scope and in the period, of claims that hold a per diem: what shares are taken of.
with per_diem_claims as (
    select distinct claim_lines.claim_id
    from claim_lines
    inner join per_diem_codes on claim_lines.hcpcs_code = per_diem_codes.code
    where claim_lines.is_allowed and per_diem_codes.is_per_diem
)

select
    count(*) as line_count, count(distinct claim_lines.claim_id) as claim_count,
    count(distinct claim_lines.member_id) as member_count, count(distinct claim_lines.provider_id) as provider_count,
    cast(coalesce(sum(claim_lines.paid_amount), 0) as decimal(18, 2)) as paid_amount
from claim_lines
cross join settings
inner join per_diem_claims on claim_lines.claim_id = per_diem_claims.claim_id
where
    claim_lines.is_allowed and claim_lines.is_in_scope
    and case when settings.period_by = 'paid' then claim_lines.paid_date else claim_lines.claim_line_start_date end
    between settings.period_from and settings.period_to
