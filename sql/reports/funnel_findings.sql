-- One row per finding that the ledger knows, its dollars split so that they add up:
-- identified = recovered + overturned + written off + fell away + outstanding.
-- A finding on a replaced claim is left out where the finding on the new claim goes on with it. What was recovered on a
-- line stands with the finding that is credited with the line's dollars, whichever rule it was recorded under.
with credited_findings as (
    select
        finding_status.*,
        finding_status.net_overpaid_amount + finding_status.net_review_amount as credited_amount,
        row_number() over (
            partition by finding_status.claim_id, finding_status.claim_line_number
            order by
                finding_status.net_overpaid_amount desc, finding_status.net_review_amount desc,
                finding_status.amount desc, finding_status.finding_id
        ) as place
    from finding_status
    where finding_status.heir_finding_id is null
),

recovered_findings as (
    select
        *,
        case when place = 1 then line_recovered_amount else 0.00 end as line_share_amount,
        greatest(credited_amount, case when place = 1 then line_recovered_amount else 0.00 end) as identified_amount
    from credited_findings
),

split_findings as (
    select
        *,
        identified_amount - line_share_amount as remaining_amount,
        case
            when status in ('gone', 'superseded') then 'fell_away'
            when status = 'closed' and last_disposition in ('overturned', 'written_off') then last_disposition
            else 'outstanding'
        end as fate
    from recovered_findings
)

select
    split_findings.finding_id, split_findings.rule, split_findings.provider_id, split_findings.status,
    split_findings.outcome as measure, split_findings.identified_amount,
    case when split_findings.is_noticed then split_findings.identified_amount else 0.00 end as noticed_amount,
    case when split_findings.is_disputed then split_findings.identified_amount else 0.00 end as disputed_amount,
    case when split_findings.verdict = 'upheld' then split_findings.identified_amount else 0.00 end as upheld_amount,
    split_findings.line_share_amount as recovered_amount,
    case when fate = 'overturned' then split_findings.remaining_amount else 0.00 end as overturned_amount,
    case when fate = 'written_off' then split_findings.remaining_amount else 0.00 end as written_off_amount,
    case when fate = 'fell_away' then split_findings.remaining_amount else 0.00 end as fell_away_amount,
    case when fate = 'outstanding' then split_findings.remaining_amount else 0.00 end as outstanding_amount,
    case
        when fate = 'outstanding' and recovery.recovery_status = 'time_barred' then split_findings.remaining_amount
        else 0.00
    end as time_barred_amount
from split_findings
left join recovery on split_findings.finding_id = recovery.finding_id
