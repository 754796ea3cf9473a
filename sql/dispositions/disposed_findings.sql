-- The findings that a file of dispositions names, as they were when they were last seen.
with ranked_sightings as (
    select
        sightings.*,
        row_number() over (partition by sightings.finding_id order by sightings.run_number desc) as place
    from sightings
    inner join (select distinct finding_id from new_dispositions) as named_findings
        on sightings.finding_id = named_findings.finding_id
)

select * from ranked_sightings
where place = 1
