-- Which finding goes on with the history of which, as all runs saw it.
select finding_id, inherits_from_finding_id from inheritances
union
select finding_id, inherits_from_finding_id from new_inheritances
