-- Every sighting that the ledger holds, and those of this run.
select * from sightings
union all by name
select * from run_sightings
