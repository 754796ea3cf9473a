-- Lines whose procedure code has not the form of one, or that HCPCS did not have on the day of service.
with codes as (
    select
        typed_rows.claim_id, typed_rows.paid_amount,
        regexp_matches(typed_rows.hcpcs_code, '^[A-Z0-9][0-9]{3}[A-Z0-9]$') is not true
        or typed_rows.claim_line_start_date < hcpcs_validity.added
        or typed_rows.claim_line_start_date > hcpcs_validity.terminated as is_unknown
    from typed_rows
    left join hcpcs_validity
        on typed_rows.hcpcs_code = hcpcs_validity.code
        and typed_rows.claim_line_start_date between hcpcs_validity.valid_from and hcpcs_validity.valid_to
    where typed_rows.hcpcs_code is not null
)

select
    count(*) filter (where is_unknown) as line_count,
    count(distinct claim_id) filter (where is_unknown) as claim_count,
    cast(coalesce(sum(paid_amount) filter (where is_unknown), 0) as decimal(18, 2)) as paid_amount,
    count(*) as population_count
from codes
