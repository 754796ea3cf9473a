-- Lines of providers whose TIN the file writes in more than one way, with a hyphen and without one for instance.
with written_tins as (
    select billing_tin, billing_tin_text, count(*) as line_count
    from checked_rows
    where not is_rejected and billing_tin is not null
    group by billing_tin, billing_tin_text
),

doubtful_tins as (
    select billing_tin from written_tins
    group by billing_tin
    having count(*) > 1
)

select
    count(*) filter (where doubtful_tins.billing_tin is not null) as line_count,
    count(distinct checked_rows.claim_id) filter (where doubtful_tins.billing_tin is not null) as claim_count,
    cast(coalesce(
        sum(checked_rows.paid_amount) filter (where doubtful_tins.billing_tin is not null), 0
    ) as decimal(18, 2)) as paid_amount,
    count(*) as population_count
from checked_rows
left join doubtful_tins on checked_rows.billing_tin = doubtful_tins.billing_tin
where not checked_rows.is_rejected
