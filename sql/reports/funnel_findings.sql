-- One row per finding that the ledger knows, its dollars split so that they add up:
-- identified = recovered + overturned + written off + fell away + outstanding.
-- What was recovered on a line stands with the findings credited with its dollars, those of this run first, whichever
-- rule it was recorded under.
with recoverable_findings as (
    select
        *,
        line_recovered_amount - coalesce(sum(credited_amount) over earlier_places, 0.00) as left_recovered_amount,
        line_recovered_amount - sum(credited_amount) over same_line as extra_recovered_amount
    from standing_findings
    window
        earlier_places as (
            partition by standing_claim_id, standing_claim_line_number
            order by place rows between unbounded preceding and 1 preceding
        ),
        same_line as (partition by standing_claim_id, standing_claim_line_number)
),

recovered_findings as (
    select
        *,
        cast(
            least(credited_amount, greatest(left_recovered_amount, 0.00))
            + case when place = 1 then greatest(extra_recovered_amount, 0.00) else 0.00 end as decimal(18, 2)
        ) as line_share_amount
    from recoverable_findings
),

split_findings as (
    select
        *,
        cast(
            case when fate = 'recovered' then line_share_amount else greatest(credited_amount, line_share_amount) end
            as decimal(18, 2)
        ) as identified_amount,
        cast(greatest(credited_amount - line_share_amount, 0.00) as decimal(18, 2)) as remaining_amount
    from recovered_findings
)

select
    split_findings.finding_id, split_findings.rule, split_findings.provider_id, split_findings.status,
    split_findings.outcome as measure,
    split_findings.identified_amount,
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
where not split_findings.has_successor or split_findings.line_share_amount > 0
