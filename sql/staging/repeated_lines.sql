-- Lines of several rows, with the sums of their rows. They are few: to sum up every line would cost twice as much.
with several_rows as (
    select claim_id, claim_line_number from live_rows
    group by claim_id, claim_line_number
    having count(*) > 1
)

select
    live_rows.claim_id,
    live_rows.claim_line_number,
    count(*) as row_count,
    -- The twin that takes back an unpaid line shows in its charge or its units alone.
    bool_or(
        row_paid_amount < 0 or coalesce(allowed_amount, 0) < 0
        or coalesce(charge_amount, 0) < 0 or coalesce(service_unit_quantity, 0) < 0
    ) as has_negative_row,
    bool_or(row_paid_amount > 0 or coalesce(allowed_amount, 0) > 0) as has_positive_row,
    cast(sum(row_paid_amount) as decimal(18, 2)) as paid_amount,
    -- What a reversal takes back of the allowed amount is not known where it leaves that out.
    case
        when not bool_or(row_paid_amount < 0 and allowed_amount is null)
        then cast(sum(allowed_amount) as decimal(18, 2))
    end as allowed_amount,
    cast(sum(charge_amount) as decimal(18, 2)) as charge_amount,
    -- A reversal is a negative twin, also where only its money is written as negative. Where no row of the line allows
    -- anything, the allowed amount does not tell whether the service was taken back: the paid one does.
    cast(
        case
            when coalesce(max(allowed_amount), 0) > 0
            then
                sum(
                    case
                        when
                            row_paid_amount < 0 and coalesce(allowed_amount, row_paid_amount) < 0
                            and service_unit_quantity > 0
                        then -service_unit_quantity
                        else service_unit_quantity
                    end
                )
            else sum(
                case
                    when row_paid_amount < 0 and service_unit_quantity > 0 then -service_unit_quantity
                    else service_unit_quantity
                end
            )
        end as decimal(18, 3)
    ) as service_unit_quantity
from live_rows
inner join several_rows
    on live_rows.claim_id = several_rows.claim_id and live_rows.claim_line_number = several_rows.claim_line_number
group by live_rows.claim_id, live_rows.claim_line_number
