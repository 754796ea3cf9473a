-- The 20 codes with the most potential overpayment (then most under review), the others as one row, a total.
select
    * exclude (grain)
    replace (
        case when position > 20 then 'Other codes' else hcpcs_code end as hcpcs_code,
        case when position <= 20 then code_label end as code_label
    )
from code_places
where grain in ('position', 'all')
order by is_total, position
