-- One row per finding with a disposition of its own or inherited: the last, the last verdict, and what was recovered.
-- Of one day an answer stands over a step on the way to it, in whichever order they were recorded.
with lineage_dispositions as (
    select lineages.finding_id as heir_finding_id, dispositions.*
    from lineages
    inner join dispositions on lineages.ancestor_id = dispositions.finding_id
),

ranked_dispositions as (
    select
        *,
        row_number() over (
            partition by heir_finding_id
            order by
                disposition_date desc, disposition in ('records_requested', 'noticed', 'disputed'),
                disposition_number desc
        ) as place
    from lineage_dispositions
),

ranked_verdicts as (
    select
        *,
        row_number() over (
            partition by heir_finding_id order by disposition_date desc, disposition_number desc
        ) as place
    from lineage_dispositions
    where disposition in ('upheld', 'overturned')
),

stages as (
    select
        heir_finding_id,
        bool_or(disposition = 'records_requested') as is_requested,
        bool_or(disposition = 'noticed') as is_noticed,
        bool_or(disposition = 'disputed') as is_disputed,
        cast(coalesce(sum(recovered_amount), 0) as decimal(18, 2)) as recovered_amount
    from lineage_dispositions
    group by heir_finding_id
)

select
    stages.heir_finding_id as finding_id, stages.is_requested, stages.is_noticed, stages.is_disputed,
    stages.recovered_amount,
    ranked_verdicts.disposition as verdict, ranked_verdicts.rule_version_then as verdict_rule_version,
    ranked_dispositions.disposition as last_disposition, ranked_dispositions.disposition_date as last_disposition_date,
    ranked_dispositions.case_number, ranked_dispositions.outcome_then, ranked_dispositions.amount_then
from stages
inner join ranked_dispositions
    on stages.heir_finding_id = ranked_dispositions.heir_finding_id and ranked_dispositions.place = 1
left join ranked_verdicts on stages.heir_finding_id = ranked_verdicts.heir_finding_id and ranked_verdicts.place = 1
