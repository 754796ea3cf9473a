-- The 20 providers with the most potential overpayment (then under review), the others as one row, a total.
select
    * exclude (grain)
    replace (
        case when position <= 20 then provider_id end as provider_id,
        case when position > 20 then 'All other providers' else provider_name end as provider_name
    )
from provider_places
where grain in ('position', 'all')
order by is_total, position
