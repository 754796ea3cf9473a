-- One row per provider that the plan's table of providers names.
select provider_id, min(name) as provider_name
from providers
where name <> ''
group by provider_id
