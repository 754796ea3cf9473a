-- The codes that the most was paid for, with what was found on them; a report lists no more than 300.
with mixed_codes as (
    select
        hcpcs_code,
        min(code_kind) as code_kind,
        count(distinct provider_id) as provider_count,
        cast(sum(line_count) as bigint) as line_count,
        cast(sum(unit_quantity) as decimal(28, 3)) as unit_quantity,
        cast(sum(paid_amount) as decimal(18, 2)) as paid_amount
    from selected_therapy_mix
    where hcpcs_code is not null
    group by hcpcs_code
),

exposed_codes as (
    select
        hcpcs_code,
        sum(net_overpaid_amount) as net_overpaid_amount,
        sum(net_review_amount) as net_review_amount
    from selected_exposure
    group by hcpcs_code
)

select
    mixed_codes.hcpcs_code,
    code_labels.label as code_label,
    mixed_codes.code_kind,
    mixed_codes.provider_count,
    mixed_codes.line_count,
    mixed_codes.unit_quantity,
    mixed_codes.paid_amount,
    cast(coalesce(exposed_codes.net_overpaid_amount, 0) as decimal(18, 2)) as net_overpaid_amount,
    cast(coalesce(exposed_codes.net_review_amount, 0) as decimal(18, 2)) as net_review_amount,
    count(*) over () as whole_count
from mixed_codes
left join code_labels on mixed_codes.hcpcs_code = code_labels.hcpcs_code
left join exposed_codes on mixed_codes.hcpcs_code = exposed_codes.hcpcs_code
order by mixed_codes.paid_amount desc, mixed_codes.hcpcs_code
limit 300
