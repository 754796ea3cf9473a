-- One row per finding ever seen, as it was when it was last seen; `is_seen` where that is in this run.
with ranked_sightings as (
    select
        *,
        row_number() over (partition by finding_id order by run_number desc) as place
    from all_sightings
)

select
    ranked_sightings.finding_id, ranked_sightings.run_number as last_run_number, ranked_sightings.rule,
    ranked_sightings.rule_version, ranked_sightings.outcome, ranked_sightings.amount, ranked_sightings.claim_id,
    ranked_sightings.claim_line_number, ranked_sightings.provider_id, ranked_sightings.hcpcs_code,
    ranked_sightings.claim_line_start_date, ranked_sightings.paid_date, ranked_sightings.net_overpaid_amount,
    ranked_sightings.net_review_amount,
    ranked_sightings.run_number = this_run.run_number as is_seen
from ranked_sightings
cross join this_run
where ranked_sightings.place = 1
