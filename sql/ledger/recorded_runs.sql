-- The runs that the ledger holds and this one.
select run_number, run_id, as_of from runs
union all
select run_number, run_id, as_of from this_run
