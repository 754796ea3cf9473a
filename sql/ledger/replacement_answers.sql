-- What this run says of a finding whose claim was replaced: whether the replacement has a line in the audited period,
-- whether the rule answered on the replacement's line (the same number, or the same code and first day), and why that
-- answer tells nothing, if so.
with claims_in_period as (
    select distinct replaced_by_claim_id as claim_id from replaced_claims
    where is_in_period
),

line_answers as (
    select
        known_findings.finding_id,
        case
            when line_outcomes.outcome = 'not_evaluable'
            then 'the rule could not be evaluated on the new claim: ' || line_outcomes.reason
            when line_outcomes.outcome in ('overpayment', 'review') and findings.finding_id is null
            then 'the new claim is below the least amount that is reported'
        end as open_reason
    from known_findings
    inner join finding_heirs on known_findings.finding_id = finding_heirs.finding_id
    inner join line_outcomes
        on finding_heirs.heir_claim_id = line_outcomes.claim_id
        and known_findings.rule = line_outcomes.rule
        and (
            known_findings.claim_line_number = line_outcomes.claim_line_number
            or (
                known_findings.hcpcs_code = line_outcomes.hcpcs_code
                and known_findings.claim_line_start_date = line_outcomes.claim_line_start_date
            )
        )
    left join findings
        on line_outcomes.rule = findings.rule
        and line_outcomes.claim_id = findings.claim_id
        and line_outcomes.claim_line_number = findings.claim_line_number
),

answers as (
    select finding_id, min(open_reason) as open_reason from line_answers
    group by finding_id
)

select
    finding_heirs.finding_id, claims_in_period.claim_id is not null as is_replacement_in_period,
    answers.finding_id is not null as has_replacement_answer, answers.open_reason as replacement_open_reason
from finding_heirs
left join claims_in_period on finding_heirs.heir_claim_id = claims_in_period.claim_id
left join answers on finding_heirs.finding_id = answers.finding_id
