-- Findings of this run that go on with the history of a finding on a claim that theirs replaced. A line of the replaced
-- claim is found again by rule, code, first day and line number; what is left, by rule, code and first day, in the
-- order of lines; what is left then, by rule and line number.
with heir_findings as (
    -- Beside each claim that theirs replaced: one may replace several.
    select
        claims.claim_id, run_sightings.finding_id, run_sightings.rule, run_sightings.claim_line_number,
        run_sightings.hcpcs_code, run_sightings.claim_line_start_date
    from (select distinct claim_id, heir_claim_id from replaced_findings) as claims
    inner join run_sightings on claims.heir_claim_id = run_sightings.claim_id
),

-- Lines that have their number on both sides are ranked apart from the others, and so meet each other.
ranked_findings as (
    select
        replaced_findings.*,
        heir_findings.finding_id is not null as is_same_line,
        row_number() over (
            partition by
                replaced_findings.claim_id, replaced_findings.rule, replaced_findings.hcpcs_code,
                replaced_findings.claim_line_start_date, heir_findings.finding_id is not null
            order by replaced_findings.claim_line_number
        ) as place
    from replaced_findings
    left join heir_findings
        on replaced_findings.claim_id = heir_findings.claim_id
        and replaced_findings.rule = heir_findings.rule
        and replaced_findings.hcpcs_code is not distinct from heir_findings.hcpcs_code
        and replaced_findings.claim_line_start_date = heir_findings.claim_line_start_date
        and replaced_findings.claim_line_number = heir_findings.claim_line_number
),

ranked_heirs as (
    select
        heir_findings.*,
        replaced_findings.finding_id is not null as is_same_line,
        row_number() over (
            partition by
                heir_findings.claim_id, heir_findings.rule, heir_findings.hcpcs_code,
                heir_findings.claim_line_start_date, replaced_findings.finding_id is not null
            order by heir_findings.claim_line_number
        ) as place
    from heir_findings
    left join replaced_findings
        on heir_findings.claim_id = replaced_findings.claim_id
        and heir_findings.rule = replaced_findings.rule
        and heir_findings.hcpcs_code is not distinct from replaced_findings.hcpcs_code
        and heir_findings.claim_line_start_date = replaced_findings.claim_line_start_date
        and heir_findings.claim_line_number = replaced_findings.claim_line_number
),

matches_by_code as (
    select ranked_heirs.finding_id, ranked_findings.finding_id as inherits_from_finding_id, ranked_heirs.claim_id
    from ranked_findings
    inner join ranked_heirs
        on ranked_findings.claim_id = ranked_heirs.claim_id
        and ranked_findings.rule = ranked_heirs.rule
        and ranked_findings.hcpcs_code is not distinct from ranked_heirs.hcpcs_code
        and ranked_findings.claim_line_start_date = ranked_heirs.claim_line_start_date
        and ranked_findings.is_same_line = ranked_heirs.is_same_line
        and ranked_findings.place = ranked_heirs.place
),

matches_by_line as (
    select heir_findings.finding_id, replaced_findings.finding_id as inherits_from_finding_id
    from replaced_findings
    inner join heir_findings
        on replaced_findings.claim_id = heir_findings.claim_id
        and replaced_findings.rule = heir_findings.rule
        and replaced_findings.claim_line_number = heir_findings.claim_line_number
    left join matches_by_code as taken_findings
        on replaced_findings.finding_id = taken_findings.inherits_from_finding_id
    left join matches_by_code as taken_heirs
        on heir_findings.finding_id = taken_heirs.finding_id and heir_findings.claim_id = taken_heirs.claim_id
    where taken_findings.finding_id is null and taken_heirs.finding_id is null
),

matches as (
    select finding_id, inherits_from_finding_id from matches_by_code
    union
    select finding_id, inherits_from_finding_id from matches_by_line
)

select this_run.run_number, matches.finding_id, matches.inherits_from_finding_id
from matches
cross join this_run
left join inheritances
    on matches.finding_id = inheritances.finding_id
    and matches.inherits_from_finding_id = inheritances.inherits_from_finding_id
where inheritances.finding_id is null
