-- Providers by potential overpayment, then by what is under review.
with provider_sums as (
    select
        provider_id,
        provider_name,
        is_without_provider,
        sum(net_overpaid_amount) as net_overpaid_amount,
        sum(net_review_amount) as net_review_amount
    from exposed_lines
    group by provider_id, provider_name, is_without_provider
)

select
    provider_id,
    provider_name,
    is_without_provider,
    row_number() over (
        order by net_overpaid_amount desc, net_review_amount desc, provider_name asc, provider_id asc
    ) as provider_rank
from provider_sums
