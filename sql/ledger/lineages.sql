-- Every finding with itself and all findings whose history it goes on with.
with recursive chains as (
    select finding_id, finding_id as ancestor_id from known_findings
    union
    select chains.finding_id, all_inheritances.inherits_from_finding_id as ancestor_id
    from chains
    inner join all_inheritances on chains.ancestor_id = all_inheritances.finding_id
)

select finding_id, ancestor_id from chains
