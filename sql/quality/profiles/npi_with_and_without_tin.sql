-- Lines without a TIN whose billing NPI has one elsewhere in the file.
with known_npis as (
    select distinct billing_npi from checked_rows
    where not is_rejected and billing_tin is not null and billing_npi is not null
)

select
    count(*) filter (where known_npis.billing_npi is not null) as line_count,
    count(distinct checked_rows.claim_id) filter (where known_npis.billing_npi is not null) as claim_count,
    cast(coalesce(
        sum(checked_rows.paid_amount) filter (where known_npis.billing_npi is not null), 0
    ) as decimal(18, 2)) as paid_amount,
    count(*) as population_count
from checked_rows
left join known_npis on checked_rows.billing_npi = known_npis.billing_npi and checked_rows.billing_tin is null
where not checked_rows.is_rejected
