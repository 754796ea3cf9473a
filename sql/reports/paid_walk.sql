-- From the paid total of the file to the net overpaid dollars, of the whole run. Each amount is computed for itself, so
-- that the steps adding up is a check. Review comes off first: the two headlines are never one sum.
with manifest_amounts as (
    select
        cast(body -> 'claims' ->> 'paid_amount' as decimal(18, 2)) as file_amount,
        cast(body -> 'claims' ->> 'line_count' as bigint) as file_line_count,
        cast(body -> 'staged' ->> 'paid_amount' as decimal(18, 2)) as usable_amount,
        cast(body -> 'staged' ->> 'line_count' as bigint) as usable_line_count
    from manifest
),

gate_amounts as (
    select
        coalesce(sum(paid_amount) filter (where gate = 'superseded'), 0.00) as superseded_amount,
        coalesce(sum(line_count) filter (where gate = 'superseded'), 0) as superseded_line_count,
        coalesce(sum(paid_amount) filter (where gate = 'void_lines'), 0.00) as void_amount,
        coalesce(sum(line_count) filter (where gate = 'void_lines'), 0) as void_line_count,
        coalesce(sum(paid_amount) filter (where gate = 'lone_reversals'), 0.00) as lone_amount,
        coalesce(sum(line_count) filter (where gate = 'lone_reversals'), 0) as lone_line_count
    from reported_gates
),

considered_lines as (
    select
        claim_id,
        claim_line_number,
        any_value(paid_amount) as paid_amount
    from line_outcomes
    group by claim_id, claim_line_number
),

considered_amounts as (
    select
        coalesce(sum(considered_lines.paid_amount), 0.00) as considered_amount,
        count(*) as considered_line_count,
        coalesce(sum(line_exposure.net_review_amount), 0.00) as review_amount,
        count(*) filter (where line_exposure.net_review_amount > 0) as review_line_count,
        coalesce(sum(line_exposure.net_overpaid_amount), 0.00) as overpaid_amount,
        count(*) filter (where line_exposure.net_overpaid_amount > 0) as overpaid_line_count,
        coalesce(sum(
            considered_lines.paid_amount
            - coalesce(line_exposure.net_review_amount, 0.00)
            - coalesce(line_exposure.net_overpaid_amount, 0.00)
        ), 0.00) as rest_amount
    from considered_lines
    left join line_exposure
        on
        considered_lines.claim_id = line_exposure.claim_id
        and considered_lines.claim_line_number = line_exposure.claim_line_number
)

select
    unnest(range(1, 11)) as position,
    unnest([
        'file', 'other_care', 'superseded', 'void_lines', 'lone_reversals', 'usable', 'not_considered', 'considered',
        'review', 'rest'
    ]) as step,
    unnest(['total', 'step', 'step', 'step', 'step', 'total', 'step', 'total', 'step', 'step']) as kind,
    unnest([
        'Paid in the file',
        'Claims without a line that a rule can use',
        'Claims that were replaced or voided later',
        'Lines taken back in full by a reversal',
        'Reversals and voids that name no payment of the file: left out',
        'Usable by the rules, after final action',
        'Lines that no rule considered: denied, out of scope, outside the period, other services',
        'Considered by a rule',
        'Needs review, net',
        'Paid on considered lines and not in question'
    ]) as title,
    unnest([
        file_amount,
        usable_amount + superseded_amount + void_amount + lone_amount - file_amount,
        -superseded_amount,
        -void_amount,
        -lone_amount,
        usable_amount,
        considered_amount - usable_amount,
        considered_amount,
        -review_amount,
        -rest_amount
    ]) as amount,
    unnest([
        file_line_count,
        null,
        superseded_line_count,
        void_line_count,
        lone_line_count,
        usable_line_count,
        usable_line_count - considered_line_count,
        considered_line_count,
        review_line_count,
        null
    ]) as line_count
from manifest_amounts
cross join gate_amounts
cross join considered_amounts
