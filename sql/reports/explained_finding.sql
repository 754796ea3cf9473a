-- The finding that is explained: the one whose id begins as asked for, whatever the filters say, else the one with the
-- largest overpayment that they keep, else the one with the largest review.
with candidates as (
    select
        findings.finding_id,
        findings.rule,
        findings.member_id,
        findings.provider_id,
        kept_findings.finding_id is not null as is_kept,
        row_number() over (
            order by
                findings.outcome,
                findings.amount desc,
                findings.claim_id,
                findings.claim_line_number,
                findings.rule
        ) as place
    from findings
    left join selected_findings as kept_findings on findings.finding_id = kept_findings.finding_id
    cross join selection
    where
        case
            when selection.finding_id is null then kept_findings.finding_id is not null
            else starts_with(findings.finding_id, selection.finding_id)
        end
)

select * exclude (place)
from candidates
where place = 1
