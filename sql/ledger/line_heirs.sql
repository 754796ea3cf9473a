-- The line of a replacement that stands in place of a line with a finding, under whichever rule either was found. What
-- no finding goes on with is found again by code and first day, in the order of lines; what is left, by line number.
with left_lines as (
    select
        finding_lines.*, claim_heirs.heir_claim_id,
        row_number() over (
            partition by finding_lines.claim_id, finding_lines.hcpcs_code, finding_lines.claim_line_start_date
            order by finding_lines.claim_line_number
        ) as place
    from finding_lines
    inner join claim_heirs on finding_lines.claim_id = claim_heirs.claim_id
    left join inherited_lines
        on finding_lines.claim_id = inherited_lines.claim_id
        and finding_lines.claim_line_number = inherited_lines.claim_line_number
    where inherited_lines.claim_id is null
),

free_lines as (
    select
        claim_heirs.claim_id, claim_heirs.heir_claim_id, finding_lines.claim_line_number as heir_line_number,
        finding_lines.hcpcs_code, finding_lines.claim_line_start_date,
        row_number() over (
            partition by claim_heirs.claim_id, finding_lines.hcpcs_code, finding_lines.claim_line_start_date
            order by finding_lines.claim_line_number
        ) as place
    from claim_heirs
    inner join finding_lines on claim_heirs.heir_claim_id = finding_lines.claim_id
    left join inherited_lines
        on claim_heirs.claim_id = inherited_lines.claim_id
        and claim_heirs.heir_claim_id = inherited_lines.heir_claim_id
        and finding_lines.claim_line_number = inherited_lines.heir_line_number
    where inherited_lines.claim_id is null
),

matches_by_code as (
    select left_lines.claim_id, left_lines.claim_line_number, left_lines.heir_claim_id, free_lines.heir_line_number
    from left_lines
    inner join free_lines
        on left_lines.claim_id = free_lines.claim_id
        and left_lines.hcpcs_code is not distinct from free_lines.hcpcs_code
        and left_lines.claim_line_start_date = free_lines.claim_line_start_date
        and left_lines.place = free_lines.place
),

matches_by_line as (
    select left_lines.claim_id, left_lines.claim_line_number, left_lines.heir_claim_id, free_lines.heir_line_number
    from left_lines
    inner join free_lines
        on left_lines.claim_id = free_lines.claim_id and left_lines.claim_line_number = free_lines.heir_line_number
    left join matches_by_code as matched_lines
        on left_lines.claim_id = matched_lines.claim_id
        and left_lines.claim_line_number = matched_lines.claim_line_number
    left join matches_by_code as taken_lines
        on free_lines.claim_id = taken_lines.claim_id and free_lines.heir_line_number = taken_lines.heir_line_number
    where matched_lines.claim_id is null and taken_lines.claim_id is null
)

select claim_id, claim_line_number, heir_claim_id, heir_line_number from inherited_lines
union all
select claim_id, claim_line_number, heir_claim_id, heir_line_number from matches_by_code
union all
select claim_id, claim_line_number, heir_claim_id, heir_line_number from matches_by_line
