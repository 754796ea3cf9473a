-- The provider that the report profiles: the one named, else the one with the most potential overpayment.
with candidates as (
    select
        provider_rates.*,
        row_number() over (
            order by
                provider_rates.net_overpaid_amount desc,
                provider_rates.net_review_amount desc,
                provider_rates.provider_id
        ) as place
    from provider_rates
    cross join selection
    where selection.provider_id is null or provider_rates.provider_id = selection.provider_id
)

select * exclude (place)
from candidates
where place = 1
