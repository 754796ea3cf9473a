-- The status of every known finding after this run, and why. Gone and superseded need an answer: a line, or the line
-- of a replacement, that this run did not see, or that its rule could not judge, is not_seen.
with told_findings as (
    select
        *,
        (is_closed_by_disposition and is_as_closed) or is_line_recovered as is_closed,
        heir_claim_id is not null and (
            is_voided or (is_rule_run and is_replacement_audited and replacement_open_reason is null)
        ) as is_superseded_now
    from weighed_findings
)

select
    finding_id,
    case
        when is_seen and is_closed then 'closed'
        when is_seen and previous_run_number is null then 'new'
        when is_seen and (outcome <> previous_outcome or amount <> previous_amount) then 'changed'
        when is_seen and previous_status = 'gone' then 'changed'
        when is_seen then 'open'
        when heir_finding_id is not null then 'superseded'
        when is_closed then 'closed'
        when is_superseded_now or previous_status = 'superseded' then 'superseded'
        when settled_by is not null then 'gone'
        when line_outcome in ('pass', 'excepted', 'not_in_force') then 'gone'
        when line_outcome is null and previous_status = 'gone' then 'gone'
        else 'not_seen'
    end as status,
    case
        when is_closed_by_disposition and is_as_closed and (is_seen or heir_finding_id is null)
        then 'closed: ' || replace(last_disposition, '_', ' ')
        when is_line_recovered and (is_seen or heir_finding_id is null) then
            case
                when recovered_amount >= amount then 'closed: recovered'
                when recovered_amount > 0
                then 'closed: its line was recovered in full, in part under another rule or claim'
                else 'closed: the dollars of its line were recovered under another rule or claim'
            end
        when is_seen and previous_run_number is null then 'first seen'
        when is_seen and (outcome <> previous_outcome or amount <> previous_amount) then
            case when is_closed_by_disposition then 'closed before; ' else '' end
            || case
                when outcome = previous_outcome then 'the amount changed'
                when amount = previous_amount then 'the outcome changed'
                else 'the outcome and the amount changed'
            end
            || case when rule_version <> previous_rule_version then '; the rule has another version' else '' end
        when is_seen and previous_status = 'gone' then 'seen again after it was gone'
        when is_seen and previous_status = 'not_seen' then 'seen again'
        when is_seen then 'as before'
        when heir_finding_id is not null then 'its claim was replaced; the finding on the new claim goes on with it'
        when is_voided then 'its claim was voided'
        when is_superseded_now then 'its claim was replaced, and the new claim has no such finding'
        when previous_status = 'superseded' then previous_status_reason
        when settled_by = 'denied' then 'its line is denied now'
        when settled_by = 'reversed' then 'the payment of its line was taken back'
        when line_outcome in ('pass', 'excepted', 'not_in_force')
        then 'now ' || replace(line_outcome, '_', ' ') || ': ' || line_outcome_reason
        when line_outcome = 'not_evaluable' then 'the rule could not be evaluated: ' || line_outcome_reason
        when line_outcome is not null then 'below the least amount that is reported'
        when previous_status = 'gone' then previous_status_reason
        when heir_claim_id is not null then
            'its claim was replaced, and ' || case
                when not is_rule_run then 'its rule was not run'
                when replacement_open_reason is not null then replacement_open_reason
                else 'the new claim lies outside what was audited'
            end
        when not is_rule_run then 'its rule was not run'
        when not is_in_period and is_without_paid_date
        then 'its line has no paid date, and the period is one of paid dates'
        when not is_in_period then 'its line is outside the audited period'
        else 'its line was not among those that the rule considered'
    end as status_reason
from told_findings
