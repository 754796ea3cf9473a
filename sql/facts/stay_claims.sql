-- Claims of stays in a hospital or a skilled nursing facility by their bill type, those without an allowed line too.
select
    claim_id, member_id, claim_line_number, is_allowed, first_date, last_date, admission_date, discharge_date
from stay_claim_days
where is_typed
