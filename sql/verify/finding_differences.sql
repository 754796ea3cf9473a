-- Findings that the run and its repetition do not share, by rule: added, gone, or decided differently.
-- The amount of a different finding is what the repetition says less what the run says.
with recorded_findings as (
    select
        finding_id, rule, amount,
        row(
            outcome, amount, paid_amount, reason, provider_id, related_claim_id, related_claim_line_number,
            decided_outcome, decided_amount, changed_by, policy_text, rule_version
        ) as decision
    from findings_run
),

repeated_findings as (
    select
        finding_id, rule, amount,
        row(
            outcome, amount, paid_amount, reason, provider_id, related_claim_id, related_claim_line_number,
            decided_outcome, decided_amount, changed_by, policy_text, rule_version
        ) as decision
    from findings_again
),

paired_findings as (
    select
        coalesce(repeated_findings.rule, recorded_findings.rule) as rule,
        case
            when recorded_findings.finding_id is null then 'added'
            when repeated_findings.finding_id is null then 'gone'
            when repeated_findings.decision <> recorded_findings.decision then 'different'
        end as change,
        coalesce(recorded_findings.amount, 0.00) as recorded_amount,
        coalesce(repeated_findings.amount, 0.00) as repeated_amount
    from recorded_findings
    full join repeated_findings on recorded_findings.finding_id = repeated_findings.finding_id
)

select
    rule, change, count(*) as finding_count,
    cast(sum(
        case when change = 'gone' then recorded_amount else repeated_amount - recorded_amount end
    ) as decimal(18, 2)) as amount
from paired_findings
where change is not null
group by rule, change
