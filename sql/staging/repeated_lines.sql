-- Lines of several rows, with the sums of their rows. They are few: to sum up every line would cost twice as much.
with several_rows as (
    select claim_id, claim_line_number from live_rows
    group by claim_id, claim_line_number
    having count(*) > 1
),

rows_together as (
    select
        live_rows.*,
        live_rows.row_paid_amount = 0 and coalesce(live_rows.allowed_amount, 0) = 0 as is_unpaid,
        live_rows.row_paid_amount > 0 or coalesce(live_rows.allowed_amount, 0) > 0 as is_positive,
        -- The twin that takes back an unpaid line shows in its charge or its units alone.
        live_rows.row_paid_amount < 0 or coalesce(live_rows.allowed_amount, 0) < 0
        or coalesce(live_rows.charge_amount, 0) < 0 or coalesce(live_rows.service_unit_quantity, 0) < 0 as is_negative,
        coalesce(live_rows.paid_date, date '0001-01-01') as row_paid_date,
        sum(live_rows.row_paid_amount) over (
            partition by live_rows.claim_id, live_rows.claim_line_number
        ) as line_paid_amount,
        coalesce(
            max(live_rows.allowed_amount) over (partition by live_rows.claim_id, live_rows.claim_line_number), 0
        ) > 0 as is_allowed_told
    from live_rows
    inner join several_rows
        on live_rows.claim_id = several_rows.claim_id
        and live_rows.claim_line_number = several_rows.claim_line_number
),

-- A reversal is a negative twin, also where only its money is written as negative. Where no row of the line allows
-- anything, the allowed amount does not tell whether the service was taken back: the paid one does.
reversing_rows as (
    select
        *,
        row_paid_amount < 0 and (not is_allowed_told or coalesce(allowed_amount, row_paid_amount) < 0)
            as is_taking_back
    from rows_together
),

-- A reversal without units takes back a payment of its amount: of several such the one of the most units.
paired_rows as (
    select
        *,
        is_taking_back and coalesce(service_unit_quantity, 0) = 0 as is_without_units,
        row_paid_amount > 0 and row_number() over (
            partition by claim_id, claim_line_number, row_paid_amount
            order by service_unit_quantity desc nulls first
        ) <= count(case when is_taking_back and coalesce(service_unit_quantity, 0) = 0 then 1 end) over (
            partition by claim_id, claim_line_number, greatest(row_paid_amount, -row_paid_amount)
        ) as is_taken_back
    from reversing_rows
)

select
    claim_id,
    claim_line_number,
    count(*) as row_count,
    bool_or(is_negative) as has_negative_row,
    bool_or(is_positive) as has_positive_row,
    -- Paid, taken back, and then denied: no row takes back anything later.
    coalesce(
        bool_or(is_positive) and sum(row_paid_amount) = 0
        and max(case when is_unpaid and not is_negative then row_paid_date end)
        >= max(case when is_negative then row_paid_date end),
        false
    ) as is_denied_at_last,
    cast(sum(row_paid_amount) as decimal(18, 2)) as paid_amount,
    -- What a reversal takes back of the allowed amount is not known where it leaves that out.
    case
        when not bool_or(row_paid_amount < 0 and allowed_amount is null)
        then cast(sum(allowed_amount) as decimal(18, 2))
    end as allowed_amount,
    cast(sum(charge_amount) as decimal(18, 2)) as charge_amount,
    -- Units of rows without money were not paid, so they count only where they take back, or no row has any. Where
    -- reversals without units leave the amount of one row, that row's units are left.
    cast(
        case
            when not bool_or(is_positive) then sum(service_unit_quantity)
            when bool_or(is_without_units) and bool_or(is_positive and row_paid_amount = line_paid_amount)
            then min(case when is_positive and row_paid_amount = line_paid_amount then service_unit_quantity end)
            else
                sum(
                    case
                        when is_unpaid or is_taken_back then null
                        when is_taking_back and service_unit_quantity > 0 then -service_unit_quantity
                        else service_unit_quantity
                    end
                ) + least(coalesce(sum(case when is_unpaid then service_unit_quantity end), 0), 0)
        end as decimal(18, 3)
    ) as service_unit_quantity
from paired_rows
group by claim_id, claim_line_number
