-- The line of a replacement that stands in place of a line with a finding, under whichever rule either was found. What
-- no finding goes on with is found again by code, first day and line number; what is left, by code and first day, in
-- the order of lines; what is left then, by line number.
with left_lines as (
    select finding_lines.*, claim_heirs.heir_claim_id
    from finding_lines
    inner join claim_heirs on finding_lines.claim_id = claim_heirs.claim_id
    left join inherited_lines
        on finding_lines.claim_id = inherited_lines.claim_id
        and finding_lines.claim_line_number = inherited_lines.claim_line_number
    where inherited_lines.claim_id is null
),

free_lines as (
    select
        claim_heirs.claim_id, finding_lines.claim_line_number as heir_line_number,
        finding_lines.hcpcs_code, finding_lines.claim_line_start_date
    from claim_heirs
    inner join finding_lines on claim_heirs.heir_claim_id = finding_lines.claim_id
    left join inherited_lines
        on claim_heirs.claim_id = inherited_lines.claim_id
        and claim_heirs.heir_claim_id = inherited_lines.heir_claim_id
        and finding_lines.claim_line_number = inherited_lines.heir_line_number
    where inherited_lines.claim_id is null
),

-- Lines that have their number on both sides are ranked apart from the others, and so meet each other.
ranked_lines as (
    select
        left_lines.*,
        free_lines.claim_id is not null as is_same_line,
        row_number() over (
            partition by
                left_lines.claim_id, left_lines.hcpcs_code, left_lines.claim_line_start_date,
                free_lines.claim_id is not null
            order by left_lines.claim_line_number
        ) as place
    from left_lines
    left join free_lines
        on left_lines.claim_id = free_lines.claim_id
        and left_lines.hcpcs_code is not distinct from free_lines.hcpcs_code
        and left_lines.claim_line_start_date = free_lines.claim_line_start_date
        and left_lines.claim_line_number = free_lines.heir_line_number
),

ranked_heirs as (
    select
        free_lines.*,
        left_lines.claim_id is not null as is_same_line,
        row_number() over (
            partition by
                free_lines.claim_id, free_lines.hcpcs_code, free_lines.claim_line_start_date,
                left_lines.claim_id is not null
            order by free_lines.heir_line_number
        ) as place
    from free_lines
    left join left_lines
        on free_lines.claim_id = left_lines.claim_id
        and free_lines.hcpcs_code is not distinct from left_lines.hcpcs_code
        and free_lines.claim_line_start_date = left_lines.claim_line_start_date
        and free_lines.heir_line_number = left_lines.claim_line_number
),

matches_by_code as (
    select
        ranked_lines.claim_id, ranked_lines.claim_line_number, ranked_lines.heir_claim_id, ranked_heirs.heir_line_number
    from ranked_lines
    inner join ranked_heirs
        on ranked_lines.claim_id = ranked_heirs.claim_id
        and ranked_lines.hcpcs_code is not distinct from ranked_heirs.hcpcs_code
        and ranked_lines.claim_line_start_date = ranked_heirs.claim_line_start_date
        and ranked_lines.is_same_line = ranked_heirs.is_same_line
        and ranked_lines.place = ranked_heirs.place
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
