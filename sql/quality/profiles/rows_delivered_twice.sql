-- Rows of claims that a rule can use, delivered again with the same values, or told once for each National Drug Code of
-- their line: lines, claims and dollars beyond the first.
with suspect_lines as (
    select claim_id, claim_line_number from audited_rows
    where coalesce(paid_amount, 0) >= 0
    group by claim_id, claim_line_number, claim_line_start_date, paid_date, paid_amount
    having count(*) > 1
),

suspect_rows as (
    select distinct audited_rows.claim_id, audited_rows.source_file, audited_rows.source_row
    from audited_rows
    inner join suspect_lines
        on audited_rows.claim_id = suspect_lines.claim_id
        and audited_rows.claim_line_number = suspect_lines.claim_line_number
    where coalesce(audited_rows.paid_amount, 0) >= 0
),

repeated_values as (
    select typed_rows.claim_id, count(*) as row_count, max(typed_rows.paid_amount) as paid_amount
    from typed_rows
    inner join suspect_rows
        on typed_rows.claim_id = suspect_rows.claim_id
        and typed_rows.source_file = suspect_rows.source_file and typed_rows.source_row = suspect_rows.source_row
    group by
        typed_rows.claim_id, typed_rows.claim_line_number, typed_rows.member_id, typed_rows.claim_line_start_date,
        typed_rows.claim_line_end_date, typed_rows.hcpcs_code, typed_rows.service_unit_quantity,
        typed_rows.paid_amount, typed_rows.allowed_amount, typed_rows.charge_amount, typed_rows.paid_date,
        typed_rows.claim_frequency_code, typed_rows.hcpcs_modifier_1, typed_rows.hcpcs_modifier_2
    having count(*) > 1
)

select
    cast(coalesce(sum(row_count - 1), 0) as bigint) as line_count,
    count(distinct claim_id) as claim_count,
    cast(coalesce(sum(paid_amount * (row_count - 1)), 0) as decimal(18, 2)) as paid_amount,
    (select count(*) from audited_rows) as population_count
from repeated_values
