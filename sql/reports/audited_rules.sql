-- One row per rule of the run, as the manifest lists them.
with rule_entries as (
    select unnest(cast(body -> 'rules' as json[])) as entry
    from manifest
)

select
    cast(entry ->> 'number' as integer) as rule_number,
    entry ->> 'rule' as rule,
    entry ->> 'title' as title,
    entry ->> 'family' as family,
    entry ->> 'group' as window_group,
    entry ->> 'version' as rule_version,
    entry ->> 'policy_section' as policy_section,
    entry ->> 'sql_sha256' as sql_sha256,
    entry ->> 'why' as why,
    entry ->> 'recover' as recover,
    array_to_string(cast(entry -> 'settled_by' as varchar[]), ', ') as settled_by
from rule_entries
order by rule_number, rule
