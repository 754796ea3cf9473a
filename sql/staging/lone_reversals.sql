-- What takes money back and names no payment of the file: lines that are negative alone under their claim id and line
-- number, and the lines of voids that name no claim of the file. They are left out, and free no line.
with reversals as (
    select claim_id, claim_line_number, source_file, source_row, paid_amount, 'negative_line' as kind
    from netted_lines
    where is_void and is_negative_alone
    union all
    select
        audited_rows.claim_id, audited_rows.claim_line_number, audited_rows.source_file, audited_rows.source_row,
        coalesce(audited_rows.paid_amount, 0) as paid_amount, 'void' as kind
    from audited_rows
    inner join unnamed_voids on audited_rows.claim_id = unnamed_voids.claim_id
)

select
    reversals.claim_id, reversals.claim_line_number, reversals.kind, typed_rows.member_id,
    coalesce(typed_rows.billing_tin, typed_rows.billing_npi) as provider_id, typed_rows.hcpcs_code,
    typed_rows.claim_line_start_date,
    greatest(
        coalesce(typed_rows.claim_line_end_date, typed_rows.claim_line_start_date), typed_rows.claim_line_start_date
    ) as claim_line_end_date,
    cast(reversals.paid_amount as decimal(18, 2)) as paid_amount, typed_rows.paid_date,
    typed_rows.source_file, typed_rows.source_row
from reversals
inner join typed_rows
    on reversals.claim_id = typed_rows.claim_id
    and reversals.source_file = typed_rows.source_file
    and reversals.source_row = typed_rows.source_row
