-- One row per headline, never added together: potential overpayment and needs review, net of overlap.
with home_infusion_totals as (
    select cast(body -> 'home_infusion' ->> 'paid_amount' as decimal(18, 2)) as home_infusion_paid_amount
    from manifest
),

measured_lines as (
    select
        'overpayment' as measure,
        claim_id,
        member_id,
        provider_id,
        is_without_provider,
        net_overpaid_amount as net_amount,
        contingent_overpaid_amount as contingent_amount
    from exposed_lines
    where is_overpaid
    union all
    select
        'review' as measure,
        claim_id,
        member_id,
        provider_id,
        is_without_provider,
        net_review_amount as net_amount,
        0.00 as contingent_amount
    from exposed_lines
    where is_under_review
),

measures as (
    select unnest(['overpayment', 'review']) as measure
),

measured_totals as (
    select
        measure,
        count(*) as line_count,
        count(distinct claim_id) as claim_count,
        count(distinct member_id) as member_count,
        count(distinct provider_id) as provider_count,
        count(distinct case when is_without_provider then claim_id end) as claim_without_provider_count,
        count(*) filter (where net_amount = 0) as zero_dollar_line_count,
        sum(net_amount) as net_amount,
        sum(contingent_amount) as contingent_amount
    from measured_lines
    group by measure
)

select
    measures.measure,
    coalesce(measured_totals.line_count, 0) as line_count,
    coalesce(measured_totals.claim_count, 0) as claim_count,
    coalesce(measured_totals.member_count, 0) as member_count,
    coalesce(measured_totals.provider_count, 0) as provider_count,
    coalesce(measured_totals.claim_without_provider_count, 0) as claim_without_provider_count,
    coalesce(measured_totals.zero_dollar_line_count, 0) as zero_dollar_line_count,
    cast(coalesce(measured_totals.net_amount, 0) as decimal(18, 2)) as net_amount,
    cast(coalesce(measured_totals.contingent_amount, 0) as decimal(18, 2)) as contingent_amount,
    cast(coalesce(measured_totals.net_amount - measured_totals.contingent_amount, 0) as decimal(18, 2))
        as without_contingent_amount,
    home_infusion_totals.home_infusion_paid_amount
from measures
cross join home_infusion_totals
left join measured_totals on measures.measure = measured_totals.measure
order by measures.measure
