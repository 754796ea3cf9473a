-- What takes money back and names no payment of the file. It is left out, and frees no line. A row without a provider
-- has the one that the rest of its claim names; where that names none or several, nobody knows.
select
    reversal_rows.claim_id, reversal_rows.claim_line_number, reversal_rows.kind, reversal_rows.member_id,
    coalesce(reversal_rows.provider_id, claim_headers.named_provider_id) as provider_id, reversal_rows.hcpcs_code,
    reversal_rows.claim_line_start_date, reversal_rows.claim_line_end_date, reversal_rows.paid_amount,
    reversal_rows.paid_date, reversal_rows.source_file, reversal_rows.source_row
from reversal_rows
left join claim_headers
    on reversal_rows.claim_id = claim_headers.claim_id and reversal_rows.member_id = claim_headers.member_id
