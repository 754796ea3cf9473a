-- One row per finding with its member's pattern: all rules and outcomes of the member's findings.
with member_patterns as (
    select
        member_id,
        list_sort(list(distinct rule || '|' || outcome)) as pattern
    from findings
    group by member_id
)

select
    findings.rule,
    findings.outcome,
    findings.claim_id,
    findings.claim_line_number,
    findings.member_id,
    member_patterns.pattern
from findings
inner join member_patterns on findings.member_id = member_patterns.member_id
order by findings.claim_id, findings.claim_line_number, findings.rule
