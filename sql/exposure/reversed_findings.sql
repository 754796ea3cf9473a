-- Findings whose payment, or that of the line which shows them, may have been taken back under another claim id: for
-- the same member, provider and days the file holds the opposite amount of the same code, or a void that names no
-- claim of the file. Where one of the two names no provider it may be the same: then a void must be of the same code
-- too. The finding stays: nobody can tell which payment was meant.
with reversals as (
    select
        claim_id, claim_line_number, kind, member_id, provider_id, hcpcs_code, claim_line_start_date,
        claim_line_end_date, paid_amount
    from evidence_reversals
    union all
    -- One whose allowed amount is not negative is no void line.
    select
        claim_id, claim_line_number, 'negative_line' as kind, member_id,
        case when has_provider then provider_id end as provider_id, hcpcs_code, claim_line_start_date,
        claim_line_end_date, paid_amount
    from claim_lines
    where paid_amount < 0
),

questioned_lines as (
    select finding_id, 'line' as reversed_line, claim_id, claim_line_number from findings
    union all
    select finding_id, 'related_line' as reversed_line, related_claim_id, related_claim_line_number from findings
    where related_claim_id is not null
),

payments as (
    select
        questioned_lines.finding_id, questioned_lines.reversed_line, claim_lines.member_id,
        case when claim_lines.has_provider then claim_lines.provider_id end as provider_id, claim_lines.hcpcs_code,
        claim_lines.claim_line_start_date, claim_lines.claim_line_end_date, claim_lines.paid_amount
    from questioned_lines
    inner join claim_lines
        on questioned_lines.claim_id = claim_lines.claim_id
        and questioned_lines.claim_line_number = claim_lines.claim_line_number
    where claim_lines.paid_amount > 0
)

select distinct
    payments.finding_id, payments.reversed_line, reversals.kind,
    reversals.claim_id as reversal_claim_id, reversals.claim_line_number as reversal_line_number,
    case when payments.provider_id = reversals.provider_id then reversals.provider_id end as reversal_provider_id,
    reversals.paid_amount as reversal_paid_amount
from payments
inner join reversals
    on payments.member_id = reversals.member_id
    and payments.claim_line_start_date = reversals.claim_line_start_date
    and payments.claim_line_end_date = reversals.claim_line_end_date
where
    (payments.provider_id = reversals.provider_id or payments.provider_id is null or reversals.provider_id is null)
    and (
        (reversals.kind = 'void' and payments.provider_id = reversals.provider_id)
        or (
            coalesce(payments.hcpcs_code, '') = coalesce(reversals.hcpcs_code, '')
            and (reversals.kind = 'void' or payments.paid_amount + reversals.paid_amount = 0)
        )
    )
