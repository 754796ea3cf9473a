-- One row per measure, dimension and category; dimension `all` is the measure's total. `small_members` names the
-- members of a cell of 1 to 10, so that several such cells can be counted together; it is never shown. Payers are the
-- members with dollars: others, on whose lines there are none, hide nobody's dollars.
with dimension_lines as (
    select
        measure,
        'all' as dimension,
        '' as category,
        '' as label,
        claim_id,
        member_id,
        amount
    from shared_lines
    union all
    select
        measure,
        'rule' as dimension,
        rule_category as category,
        rule_label as label,
        claim_id,
        member_id,
        amount
    from shared_lines
    union all
    select
        measure,
        'month' as dimension,
        month_category as category,
        month_label as label,
        claim_id,
        member_id,
        amount
    from shared_lines
    where measure in ('overpayment', 'review')
    union all
    select
        measure,
        'provider' as dimension,
        provider_category as category,
        provider_label as label,
        claim_id,
        member_id,
        amount
    from shared_lines
    where measure in ('overpayment', 'review')
    union all
    select
        measure,
        'code' as dimension,
        code_category as category,
        code_label as label,
        claim_id,
        member_id,
        amount
    from shared_lines
    where measure in ('overpayment', 'review')
)

select
    measure,
    dimension,
    category,
    min(label) as label,
    count(distinct member_id) as member_count,
    count(distinct claim_id) as claim_count,
    count(*) as line_count,
    cast(sum(amount) as decimal(18, 2)) as amount,
    case when count(distinct member_id) < 11 then list(distinct member_id) end as small_members,
    count(distinct member_id) filter (where amount > 0) as payer_count,
    case
        when count(distinct member_id) filter (where amount > 0) < 11
        then list(distinct member_id) filter (where amount > 0)
    end as small_payers
from dimension_lines
group by measure, dimension, category
order by measure, dimension, category
