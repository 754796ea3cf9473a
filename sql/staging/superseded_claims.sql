-- Claims that final action takes out: voids, what they and replacements name, and all but the latest replacement.
select claim_id from adjusting_claims
where is_void
union
select original_claim_id as claim_id from adjusting_claims
where original_claim_id is not null
union
select claim_id from lost_branches
