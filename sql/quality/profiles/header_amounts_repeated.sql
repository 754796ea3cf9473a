-- Institutional claims that carry one paid amount on each of several unlike lines: perhaps the claim's total, repeated.
select
    header_repeats.line_count, header_repeats.claim_count, header_repeats.paid_amount,
    claims_totals.line_count as population_count
from header_repeats
cross join claims_totals
