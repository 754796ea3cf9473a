-- What takes money back and names no payment of the file: lines that are negative alone under their claim id and line
-- number, and the lines of voids that name no claim of the file; with what their rows say of the service.
with reversals as (
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
),

reversal_claims as (
    select distinct claim_id from reversals
),

-- Joined by claim alone, so that the scan leaves out the other claims' rows before it reads their values.
candidate_rows as (
    select
        typed_rows.source_file, typed_rows.source_row,
        coalesce(typed_rows.billing_tin, typed_rows.billing_npi) as provider_id, typed_rows.hcpcs_code,
        typed_rows.claim_line_start_date,
        greatest(
            coalesce(typed_rows.claim_line_end_date, typed_rows.claim_line_start_date), typed_rows.claim_line_start_date
        ) as claim_line_end_date
    from typed_rows
    inner join reversal_claims on typed_rows.claim_id = reversal_claims.claim_id
)

select
    reversals.*,
    candidate_rows.provider_id, candidate_rows.hcpcs_code, candidate_rows.claim_line_start_date,
    candidate_rows.claim_line_end_date
from reversals
inner join candidate_rows
    on reversals.source_file = candidate_rows.source_file and reversals.source_row = candidate_rows.source_row
