-- What takes money back and names no payment of the file, of every member with a finding.
with reversals as (
    select lone_reversals.*
    from lone_reversals
    inner join (select distinct member_id from findings) as found_members
        on lone_reversals.member_id = found_members.member_id
)

select
    reversals.claim_id, reversals.claim_line_number, reversals.kind, reversals.member_id,
    coalesce(typed_rows.billing_tin, typed_rows.billing_npi) as provider_id, typed_rows.hcpcs_code,
    typed_rows.claim_line_start_date,
    greatest(
        coalesce(typed_rows.claim_line_end_date, typed_rows.claim_line_start_date), typed_rows.claim_line_start_date
    ) as claim_line_end_date,
    reversals.paid_amount, reversals.paid_date, reversals.source_file, reversals.source_row
from reversals
inner join typed_rows
    on reversals.claim_id = typed_rows.claim_id
    and reversals.source_file = typed_rows.source_file
    and reversals.source_row = typed_rows.source_row
