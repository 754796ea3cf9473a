-- View: the rows that stand for claim lines, with the sums that netting gave their lines.
with candidate_rows as (
    -- Joined by claim alone, so that the scan leaves out the other claims' rows before it reads their values.
    select typed_rows.*
    from typed_rows
    inner join audited_claims on typed_rows.claim_id = audited_claims.claim_id
)

select
    candidate_rows.*,
    netted_lines.paid_amount as line_paid_amount, netted_lines.allowed_amount as line_allowed_amount,
    netted_lines.charge_amount as line_charge_amount, netted_lines.service_unit_quantity as line_unit_quantity,
    netted_lines.row_count, netted_lines.line_order, netted_lines.is_in_period
from candidate_rows
-- By the row's place and not by its claim too: of many millions of lines DuckDB would look for claims in the larger of
-- the two joins, give up, and read every value of every row.
inner join netted_lines
    on candidate_rows.source_file = netted_lines.source_file
    and candidate_rows.source_row = netted_lines.source_row
where not netted_lines.is_void
