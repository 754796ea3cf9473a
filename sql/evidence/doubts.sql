-- What the claims themselves say against a finding, a row each: a prior authorization, a per diem that is itself
-- overpaid in full, one paid amount on every line of the claim, a claim that replaces one it does not name, what the
-- rule does not count but stands in the file, a line that shows it and has the days of its claim, a field that was
-- assumed.
with authorized_lines as (
    select asked_findings.finding_id, 1 as doubt_order, 'authorization' as doubt, 'line' as detail
    from asked_findings
    inner join claim_lines
        on asked_findings.claim_id = claim_lines.claim_id
        and asked_findings.claim_line_number = claim_lines.claim_line_number
    where claim_lines.authorization_number is not null
    union all
    select distinct asked_findings.finding_id, 1, 'authorization', 'claim'
    from asked_findings
    inner join claim_lines as own_lines
        on asked_findings.claim_id = own_lines.claim_id
        and asked_findings.claim_line_number = own_lines.claim_line_number
    inner join claim_lines as other_lines on asked_findings.claim_id = other_lines.claim_id
    where own_lines.authorization_number is null and other_lines.authorization_number is not null
),

contingent_findings as (
    select asked_findings.finding_id, 2 as doubt_order, 'contingent' as doubt, run_line_exposure.overpaid_rule as detail
    from asked_findings
    inner join rules on asked_findings.rule = rules.rule
    inner join run_line_exposure
        on asked_findings.related_claim_id = run_line_exposure.claim_id
        and asked_findings.related_claim_line_number = run_line_exposure.claim_line_number
    where
        rules.is_contingent_on_per_diem
        and run_line_exposure.paid_amount > 0
        and run_line_exposure.net_overpaid_amount = run_line_exposure.paid_amount
),

repeating_claims as (
    select claim_id from claim_lines
    where claim_type = 'institutional'
    group by claim_id
    having count(*) > 1 and min(paid_amount) = max(paid_amount) and max(paid_amount) <> 0
),

repeated_amounts as (
    select asked_findings.finding_id, 3 as doubt_order, 'repeated amount' as doubt, cast(null as varchar) as detail
    from asked_findings
    inner join repeating_claims on asked_findings.claim_id = repeating_claims.claim_id
),

uncounted as (
    select
        finding_id, 5 as doubt_order, 'uncounted' as doubt, 'several days' as detail
    from asked_findings
    where rule = 'multiple_initial_services' and claim_line_start_date < claim_line_end_date
    union all
    select finding_id, 5, 'uncounted', 'drug on other days' from drugs_on_other_days
    union all
    select finding_id, 5, 'uncounted', service from denied_services
),

borrowed_dates as (
    select distinct
        shown_lines.finding_id, 6 as doubt_order, 'borrowed date' as doubt, cast(null as varchar) as detail
    from shown_lines
    inner join claim_lines
        on shown_lines.claim_id = claim_lines.claim_id
        and shown_lines.claim_line_number = claim_lines.claim_line_number
    where shown_lines.role in ('proof', 'counted') and claim_lines.is_date_from_claim
),

assumptions as (
    select
        asked_findings.finding_id, 7 as doubt_order, 'assumption' as doubt,
        defaulted_lines.column_name || ': ' || defaulted_lines.assumed as detail
    from asked_findings
    inner join assumption_totals.defaulted_lines as defaulted_lines
        on asked_findings.claim_id = defaulted_lines.claim_id
        and asked_findings.claim_line_number = defaulted_lines.claim_line_number
)

select * from authorized_lines
union all
select * from contingent_findings
union all
select * from repeated_amounts
union all
select finding_id, 4 as doubt_order, 'unnamed original' as doubt, detail from unnamed_originals
union all
select * from uncounted
union all
select * from borrowed_dates
union all
select * from assumptions
