-- One row per finding that the ledger knows, with the dollars that are its own on the line where they stand now, so
-- that each is identified once: a finding that this run does not have gives up what this run credits there, and then
-- what findings that stand open, or were seen later, have there. A finding on a replaced claim has none where the
-- finding on the new claim goes on with it; it is kept for what was recovered where only such findings are left.
with fated_findings as (
    select
        * exclude (net_overpaid_amount, net_review_amount),
        heir_finding_id is not null and not is_seen as has_successor,
        case when heir_finding_id is null or is_seen then net_overpaid_amount else 0.00 end as net_overpaid_amount,
        case when heir_finding_id is null or is_seen then net_review_amount else 0.00 end as net_review_amount,
        case
            when status in ('gone', 'superseded') then 'fell_away'
            when status = 'closed' and last_disposition in ('overturned', 'written_off') then last_disposition
            when status = 'closed' then 'recovered'
            else 'outstanding'
        end as fate
    from finding_status
),

placed_findings as (
    select
        *,
        row_number() over (
            partition by standing_claim_id, standing_claim_line_number
            order by
                is_seen desc, has_successor,
                case
                    when is_seen and net_overpaid_amount > 0 then 1
                    when is_seen and net_review_amount > 0 then 2
                    when is_seen or fate = 'outstanding' then 3
                    when fate = 'fell_away' then 5
                    else 4
                end,
                is_seen and fate in ('overturned', 'written_off'),
                last_seen_date desc, last_seen_run_id desc, net_overpaid_amount desc, net_review_amount desc,
                amount desc, finding_id
        ) as place
    from fated_findings
),

shared_findings as (
    select
        *,
        greatest(
            coalesce(sum(net_overpaid_amount) filter (where is_seen) over earlier_places, 0.00),
            coalesce(max(net_overpaid_amount) filter (where not is_seen) over earlier_places, 0.00)
        ) as overpaid_before_amount,
        greatest(
            coalesce(sum(net_review_amount) filter (where is_seen) over earlier_places, 0.00),
            coalesce(max(net_review_amount) filter (where not is_seen) over earlier_places, 0.00)
        ) as review_before_amount
    from placed_findings
    window
        earlier_places as (
            partition by standing_claim_id, standing_claim_line_number
            order by place rows between unbounded preceding and 1 preceding
        )
)

select
    *,
    case
        when is_seen then net_overpaid_amount + net_review_amount
        else
            greatest(net_overpaid_amount - overpaid_before_amount, 0.00)
            + greatest(net_review_amount - review_before_amount, 0.00)
    end as credited_amount
from shared_findings
