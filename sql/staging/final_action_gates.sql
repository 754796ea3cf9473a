-- What final action took out, in lines and in dollars paid; rows before netting, lines after it.
with taken_out as (
    select 'superseded' as gate, audited_rows.paid_amount, 1 as line_count
    from audited_rows
    inner join superseded_claims on audited_rows.claim_id = superseded_claims.claim_id
    left join unmet_originals on audited_rows.claim_id = unmet_originals.claim_id
    where not coalesce(unmet_originals.is_void, false)
    union all
    select 'netted_rows', 0, row_count - 1 from netted_lines
    where row_count > 1
    union all
    select 'void_lines', paid_amount, 1 from netted_lines
    where is_void and not is_negative_alone
    union all
    select 'lone_reversals', paid_amount, 1 from lone_reversals
)

select
    gate, sum(line_count) as line_count,
    cast(coalesce(sum(paid_amount), 0) as decimal(18, 2)) as paid_amount
from taken_out
group by gate
