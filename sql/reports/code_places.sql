-- Sums by each procedure code's rank, by its place in a report (21: all beyond the twentieth), and of all.
with placed_lines as (
    select
        exposed_lines.*,
        code_ranks.code_rank,
        least(code_ranks.code_rank, 21) as position
    from exposed_lines
    inner join code_ranks on exposed_lines.hcpcs_code is not distinct from code_ranks.hcpcs_code
)

select
    case when grouping(code_rank) = 0 then 'rank' when grouping(position) = 0 then 'position' else 'all' end as grain,
    coalesce(code_rank, position) as position,
    case
        when grouping(code_rank) = 1 and grouping(position) = 1 then 'All codes'
        else coalesce(any_value(hcpcs_code), 'No code')
    end as hcpcs_code,
    case when grouping(code_rank) = 0 or grouping(position) = 0 then any_value(code_label) end as code_label,
    count(distinct hcpcs_code) as code_count,
    count(*) filter (where is_overpaid) as overpaid_line_count,
    count(distinct claim_id) filter (where is_overpaid) as overpaid_claim_count,
    cast(sum(net_overpaid_amount) as decimal(18, 2)) as net_overpaid_amount,
    cast(sum(contingent_overpaid_amount) as decimal(18, 2)) as contingent_overpaid_amount,
    count(*) filter (where is_under_review) as review_line_count,
    cast(sum(net_review_amount) as decimal(18, 2)) as net_review_amount,
    grouping(code_rank) = 1 and grouping(position) = 1 as is_total
from placed_lines
group by grouping sets ((code_rank), (position), ())
having count(*) > 0
