-- Paid on allowed lines, in scope and in the period, of claims that hold a per diem, and what of it is in question: a
-- share with its whole.
with per_diem_claims as (
    select distinct claim_lines.claim_id
    from claim_lines
    inner join per_diem_codes on claim_lines.hcpcs_code = per_diem_codes.code
    where claim_lines.is_allowed and per_diem_codes.is_per_diem
)

select
    count(*) as line_count, count(distinct claim_lines.claim_id) as claim_count,
    count(distinct claim_lines.member_id) as member_count,
    count(distinct claim_lines.provider_id) filter (where claim_lines.has_provider) as provider_count,
    cast(coalesce(sum(claim_lines.paid_amount), 0) as decimal(18, 2)) as paid_amount,
    cast(coalesce(sum(line_exposure.net_overpaid_amount), 0) as decimal(18, 2)) as net_overpaid_amount,
    cast(coalesce(sum(line_exposure.net_review_amount), 0) as decimal(18, 2)) as net_review_amount
from claim_lines
inner join per_diem_claims on claim_lines.claim_id = per_diem_claims.claim_id
left join line_exposure
    on claim_lines.claim_id = line_exposure.claim_id and claim_lines.claim_line_number = line_exposure.claim_line_number
where claim_lines.is_allowed and claim_lines.is_in_scope and claim_lines.is_in_period
