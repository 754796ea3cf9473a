-- A sample of each rule's findings and passes: of each as many lines as asked, in the order that the seed's hash gives.
-- The same run and seed always draw the same lines.
with strata_lines as (
    select
        line_outcomes.*,
        case when line_outcomes.outcome = 'pass' then 'pass' else 'finding' end as stratum,
        sha256(
            cast(sample_size.seed as varchar) || '|' || line_outcomes.rule || '|' || line_outcomes.claim_id || '|'
            || cast(line_outcomes.claim_line_number as varchar)
        ) as draw
    from line_outcomes
    cross join sample_size
    left join findings
        on line_outcomes.rule = findings.rule
        and line_outcomes.claim_id = findings.claim_id
        and line_outcomes.claim_line_number = findings.claim_line_number
    where line_outcomes.outcome = 'pass' or findings.finding_id is not null
),

drawn_lines as (
    select
        *,
        count(*) over (partition by rule, stratum) as stratum_size,
        row_number() over (
            partition by rule, stratum order by draw, claim_id, claim_line_number
        ) as place
    from strata_lines
)

select
    drawn_lines.rule, drawn_lines.rule_version, drawn_lines.stratum, drawn_lines.stratum_size, drawn_lines.claim_id,
    drawn_lines.claim_line_number, drawn_lines.provider_id, drawn_lines.hcpcs_code, drawn_lines.claim_line_start_date,
    drawn_lines.paid_amount, drawn_lines.outcome, drawn_lines.amount, drawn_lines.reason as finding_reason,
    drawn_lines.related_claim_id, drawn_lines.related_claim_line_number
from drawn_lines
cross join sample_size
where drawn_lines.place <= sample_size.lines_per_stratum
