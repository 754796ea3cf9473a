-- What takes money back and names no payment of the file: lines that are negative alone under their claim id and line
-- number, and the lines of voids that name no claim of the file. They are left out, and free no line.
select
    claim_id, claim_line_number, 'negative_line' as kind, member_id, paid_amount, paid_date, source_file, source_row
from netted_lines
where is_void and is_negative_alone
union all
select
    audited_rows.claim_id, audited_rows.claim_line_number, 'void' as kind, audited_rows.member_id,
    cast(coalesce(audited_rows.paid_amount, 0) as decimal(18, 2)) as paid_amount, audited_rows.paid_date,
    audited_rows.source_file, audited_rows.source_row
from audited_rows
inner join unmet_originals on audited_rows.claim_id = unmet_originals.claim_id
where unmet_originals.is_void
