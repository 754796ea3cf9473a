-- Procedure codes by potential overpayment, then by what is under review.
with code_sums as (
    select
        hcpcs_code,
        sum(net_overpaid_amount) as net_overpaid_amount,
        sum(net_review_amount) as net_review_amount
    from exposed_lines
    group by hcpcs_code
)

select
    hcpcs_code,
    row_number() over (
        order by net_overpaid_amount desc, net_review_amount desc, hcpcs_code asc
    ) as code_rank
from code_sums
