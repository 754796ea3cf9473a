-- One row per finding that a line's dollars are credited to, at most one overpayment and one review a line, with its
-- member's pattern: all rules and outcomes of these. More findings than lines would tell of lines that several rules
-- hit.
with credited_findings as (
    select
        overpaid_rule as rule,
        'overpayment' as outcome,
        claim_id,
        claim_line_number,
        member_id
    from exposed_lines
    where is_overpaid
    union all
    select
        review_rule as rule,
        'review' as outcome,
        claim_id,
        claim_line_number,
        member_id
    from exposed_lines
    where is_under_review
),

member_patterns as (
    select
        member_id,
        list_sort(list(distinct rule || '|' || outcome)) as pattern
    from credited_findings
    group by member_id
)

select
    credited_findings.rule,
    credited_findings.outcome,
    credited_findings.claim_id,
    credited_findings.claim_line_number,
    credited_findings.member_id,
    member_patterns.pattern
from credited_findings
inner join member_patterns on credited_findings.member_id = member_patterns.member_id
order by credited_findings.claim_id, credited_findings.claim_line_number, credited_findings.rule
