-- One row per finding: when and with what it was first seen, and what was said of it before this run, its inheritance
-- included.
with lineage_sightings as (
    select lineages.finding_id, lineages.ancestor_id, all_sightings.* exclude (finding_id)
    from lineages
    inner join all_sightings on lineages.ancestor_id = all_sightings.finding_id
),

first_sightings as (
    select
        *,
        row_number() over (partition by finding_id order by run_number, ancestor_id) as place
    from lineage_sightings
),

earlier_sightings as (
    select
        lineage_sightings.*,
        row_number() over (
            partition by lineage_sightings.finding_id
            order by
                lineage_sightings.run_number desc,
                case when lineage_sightings.ancestor_id = lineage_sightings.finding_id then 0 else 1 end,
                lineage_sightings.ancestor_id
        ) as place
    from lineage_sightings
    cross join this_run
    where lineage_sightings.run_number < this_run.run_number
)

select
    first_sightings.finding_id,
    first_sightings.run_number as first_run_number,
    first_sightings.outcome as first_outcome,
    first_sightings.amount as first_amount,
    earlier_sightings.run_number as previous_run_number,
    earlier_sightings.outcome as previous_outcome,
    earlier_sightings.amount as previous_amount,
    earlier_sightings.rule_version as previous_rule_version
from first_sightings
left join earlier_sightings
    on first_sightings.finding_id = earlier_sightings.finding_id and earlier_sightings.place = 1
where first_sightings.place = 1
