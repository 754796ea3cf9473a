-- Lines of a code that a range of the policy holds by its number only.
with unlisted_lines as (
    select distinct claim_lines.claim_id, claim_lines.claim_line_number
    from claim_lines
    inner join hcpcs_s_ranges
        on claim_lines.hcpcs_code between hcpcs_s_ranges.code_from and hcpcs_s_ranges.code_to
        and claim_lines.claim_line_start_date between hcpcs_s_ranges.valid_from and hcpcs_s_ranges.valid_to
    left join per_diem_codes on claim_lines.hcpcs_code = per_diem_codes.code
    where regexp_matches(claim_lines.hcpcs_code, '^S[0-9]{4}$') and per_diem_codes.code is null
),

coded_lines as (
    select
        claim_lines.claim_id, claim_lines.claim_line_number, claim_lines.paid_cents,
        case
            when unlisted_lines.claim_id is not null then 'unlisted'
            when claim_lines.claim_line_start_date < hcpcs_validity.added then 'early'
            when claim_lines.claim_line_start_date > hcpcs_validity.terminated then 'late'
            else 'valid'
        end as situation
    from claim_lines
    left join unlisted_lines
        on claim_lines.claim_id = unlisted_lines.claim_id
        and claim_lines.claim_line_number = unlisted_lines.claim_line_number
    left join hcpcs_validity
        on claim_lines.hcpcs_code = hcpcs_validity.code
        and claim_lines.claim_line_start_date between hcpcs_validity.valid_from and hcpcs_validity.valid_to
    where claim_lines.is_allowed and (unlisted_lines.claim_id is not null or hcpcs_validity.code is not null)
)

select
    claim_id, claim_line_number,
    case when situation = 'valid' then 'pass' else 'review' end as outcome,
    case when situation = 'valid' then 0 else cast(paid_cents * 0.01 as decimal(18, 2)) end as amount,
    case situation
        when 'unlisted' then 'lies in a code range of the policy, but is none of its codes'
        when 'early' then 'the code was not yet valid on the date of service'
        when 'late' then 'the code was no longer valid on the date of service'
        else 'the code was valid on the date of service'
    end as reason,
    cast(null as varchar) as related_claim_id, cast(null as bigint) as related_claim_line_number
from coded_lines
