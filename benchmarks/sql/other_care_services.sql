-- What was done and billed: the services of a claim per number of the chunk, before any adjustment.
with numbers as (
    select
        claim_number,
        cast(hash(claim_number, 'visit') % chunk.ticket_count as integer) as ticket,
        cast(hash(claim_number // 8, 'payer') % 100 as integer) as payer_ticket
    from range((select first_claim from chunk), (select last_claim from chunk)) as claim_numbers (claim_number)
    cross join chunk
),

claims as (
    select
        numbers.payer_ticket,
        numbers.claim_number,
        numbers.claim_number // 8 as member_number,
        visit_tickets.visit,
        visit_tickets.visit in (select visit from stays) as is_stay,
        -- One claim a day at most: eight visits of a member, 61 days apart on a circle of 531 days.
        cast((hash(numbers.claim_number // 8, 'day') + (numbers.claim_number % 8) * 61) % 531 as integer) as day_number,
        hash(numbers.claim_number, 'denied') % 100 < 3 as is_denied,
        cast(hash(numbers.claim_number, 'adjusted') % 1000 as integer) as adjustment,
        cast(hash(numbers.claim_number, 'share') % 100 as integer) as share
    from numbers
    inner join visit_tickets on numbers.ticket = visit_tickets.ticket
)

select
    claims.*,
    visit_services.*,
    row_number() over (partition by claims.claim_number order by visit_services.service_number) as line_number,
    cast(case
        when claims.is_denied then 0
        else
            visit_services.low_cents
            + hash(claims.claim_number, visit_services.service_number)
            % (visit_services.high_cents - visit_services.low_cents + 1)
    end as bigint) as drawn_cents,
    case
        when claims.is_stay then 2 + cast(hash(claims.claim_number, 'stay') % 13 as integer)
        else 0
    end as later_days
from claims
inner join visit_services on claims.visit = visit_services.service_visit
where hash(claims.claim_number, visit_services.service_number, 'there') % 1000 < visit_services.chance * 1000
