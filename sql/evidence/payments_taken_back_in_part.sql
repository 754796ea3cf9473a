-- Findings that take a share of their line's payment, where the line's own rows took a part of it back: the share is
-- one of what is left, and that part may have been the finding's.
select
    asked_findings.finding_id, 'taken back in part' as doubt,
    cast(run_partial_takebacks.taken_back_amount as varchar)
    || ' ' || cast(run_partial_takebacks.taken_back_row_count as varchar)
    || coalesce(' ' || cast(run_partial_takebacks.taken_back_date as varchar), '') as detail
from asked_findings
inner join rule_doubts on asked_findings.rule = rule_doubts.rule
inner join run_partial_takebacks
    on asked_findings.claim_id = run_partial_takebacks.claim_id
    and asked_findings.claim_line_number = run_partial_takebacks.claim_line_number
where rule_doubts.doubt = 'taken back in part'
