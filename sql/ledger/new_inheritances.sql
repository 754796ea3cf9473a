-- Findings of this run that go on with the history of a finding on a claim that theirs replaced. A line of the replaced
-- claim is found again by rule, code and first day, in the order of lines; what is left, by rule and line number.
with replaced_findings as (
    select
        known_findings.finding_id, known_findings.rule, known_findings.claim_line_number, claim_heirs.heir_claim_id,
        known_findings.claim_id, known_findings.hcpcs_code, known_findings.claim_line_start_date,
        row_number() over (
            partition by
                known_findings.claim_id, known_findings.rule, known_findings.hcpcs_code,
                known_findings.claim_line_start_date
            order by known_findings.claim_line_number
        ) as place
    from known_findings
    inner join claim_heirs on known_findings.claim_id = claim_heirs.claim_id
    where not known_findings.is_seen
),

heir_lines as (
    select
        finding_id, rule, claim_id, claim_line_number, hcpcs_code, claim_line_start_date,
        row_number() over (
            partition by claim_id, rule, hcpcs_code, claim_line_start_date order by claim_line_number
        ) as place
    from run_sightings
),

matches_by_code as (
    select heir_lines.finding_id, replaced_findings.finding_id as inherits_from_finding_id, replaced_findings.claim_id
    from replaced_findings
    inner join heir_lines
        on replaced_findings.heir_claim_id = heir_lines.claim_id
        and replaced_findings.rule = heir_lines.rule
        and replaced_findings.hcpcs_code is not distinct from heir_lines.hcpcs_code
        and replaced_findings.claim_line_start_date = heir_lines.claim_line_start_date
        and replaced_findings.place = heir_lines.place
),

matches_by_line as (
    select heir_lines.finding_id, replaced_findings.finding_id as inherits_from_finding_id
    from replaced_findings
    inner join heir_lines
        on replaced_findings.heir_claim_id = heir_lines.claim_id
        and replaced_findings.rule = heir_lines.rule
        and replaced_findings.claim_line_number = heir_lines.claim_line_number
    left join matches_by_code as taken_findings
        on replaced_findings.finding_id = taken_findings.inherits_from_finding_id
    left join matches_by_code as taken_lines
        on heir_lines.finding_id = taken_lines.finding_id and replaced_findings.claim_id = taken_lines.claim_id
    where taken_findings.finding_id is null and taken_lines.finding_id is null
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
