-- Of the lines with net dollars that the filters keep, how many carry a prior authorization number, or else stand on a
-- claim of which another line carries one: a row for potential overpayment, one for needs review.
with authorized_claims as (
    select distinct claim_id
    from claim_lines
    where authorization_number is not null
),

measured_lines as (
    select
        'overpayment' as measure,
        claim_id,
        claim_line_number,
        net_overpaid_amount as net_amount
    from selected_exposure
    where net_overpaid_amount > 0
    union all by name
    select
        'review' as measure,
        claim_id,
        claim_line_number,
        net_review_amount as net_amount
    from selected_exposure
    where net_review_amount > 0
),

marked_lines as (
    select
        measured_lines.*,
        claim_lines.authorization_number is not null as is_authorized,
        claim_lines.authorization_number is null and authorized_claims.claim_id is not null as is_authorized_elsewhere
    from measured_lines
    left join claim_lines
        on
        measured_lines.claim_id = claim_lines.claim_id
        and measured_lines.claim_line_number = claim_lines.claim_line_number
    left join authorized_claims on measured_lines.claim_id = authorized_claims.claim_id
)

select
    measure,
    count(*) as line_count,
    cast(sum(net_amount) as decimal(18, 2)) as net_amount,
    count(*) filter (where is_authorized) as authorized_line_count,
    cast(coalesce(sum(net_amount) filter (where is_authorized), 0) as decimal(18, 2)) as authorized_amount,
    count(*) filter (where is_authorized_elsewhere) as elsewhere_line_count,
    cast(coalesce(sum(net_amount) filter (where is_authorized_elsewhere), 0) as decimal(18, 2)) as elsewhere_amount
from marked_lines
group by measure
order by measure
