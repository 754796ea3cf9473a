-- One row per demanded line and point: what the demand rests on, in the order in which a reader asks. Where the rule
-- could not be performed again, its own words on the amount and its exceptions stand instead of the steps.
with statements as (
    select finding_id, section, string_agg(text, ' ' order by position) as text
    from evidence_statements
    group by finding_id, section
),

demanded_findings as (
    select
        handout_lines.*, rule_wording.version, rule_wording.why, rule_wording.recover, rule_wording.exceptions,
        rule_wording.documents, rule_wording.defences, steps.text as steps, answers.text as answers
    from handout_lines
    inner join rule_wording on handout_lines.rule = rule_wording.rule
    left join statements as steps on handout_lines.finding_id = steps.finding_id and steps.section = 'arithmetic'
    left join statements as answers on handout_lines.finding_id = answers.finding_id and answers.section = 'tried'
),

points as (
    select
        finding_id, 1 as point_order, 'Rule' as point,
        rule_title || ' (version ' || version || ').' || coalesce(' ' || why, '') as answer
    from demanded_findings
    union all
    select finding_id, 2 as point_order, 'What the claim lines show' as point, reason as answer from demanded_findings
    union all
    select
        finding_id, 3 as point_order, 'Shown by' as point,
        case
            when related_claim_id is null then related_service
            else
                'claim ' || related_claim_id || ', line ' || related_claim_line_number || ', '
                || coalesce(related_hcpcs_code, 'no procedure code') || ', '
                || strftime(related_start_date, '%-d %b %Y')
                || case
                    when related_end_date > related_start_date then ' to ' || strftime(related_end_date, '%-d %b %Y')
                    else ''
                end
        end as answer
    from demanded_findings
    union all
    select
        finding_id, 4 as point_order, 'How the amount was computed' as point,
        coalesce(
            steps,
            'Paid on the line: $' || paid_amount || '. Demanded: $' || demanded_amount
            || coalesce(', ' || recover, '') || '.'
        )
        || case
            when already_recovered_amount > 0
            then
                ' Recovered on the line already: $' || already_recovered_amount || '. Demanded: $'
                || demanded_amount || '.'
            else ''
        end as answer
    from demanded_findings
    union all
    select
        finding_id, 5 as point_order,
        case
            when answers is null then 'Exceptions that were looked for and not met' else 'What was asked of the claims'
        end as point,
        coalesce(answers, exceptions) as answer
    from demanded_findings
    union all
    select finding_id, 6 as point_order, 'Policy' as point, policy_section || ' (' || policy_text || ')' as answer
    from demanded_findings
    union all
    select finding_id, 7 as point_order, 'Documents that would settle it' as point, documents as answer
    from demanded_findings
    union all
    select finding_id, 8 as point_order, 'Not owed if' as point, defences as answer from demanded_findings
)

select
    demanded_findings.provider_id, demanded_findings.finding_id, demanded_findings.claim_id,
    demanded_findings.claim_line_number, demanded_findings.hcpcs_code, demanded_findings.claim_line_start_date,
    points.point, points.answer, points.point_order
from points
inner join demanded_findings on points.finding_id = demanded_findings.finding_id
where points.answer is not null
