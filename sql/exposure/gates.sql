-- Every gate, in the order in which lines and answers pass it: what the manifest calls it; the value of `changed_by`
-- that tells it, where it changes answers; what the walk of the money calls it, where it stops overpayments.
select listed.*
from (
    values
    (1, 'superseded', 'Rows of claims that were replaced or voided later', null, false, null),
    (2, 'netted_rows', 'Adjustment rows summed into their line', null, false, null),
    (3, 'void_lines', 'Lines taken back in full by a reversal', null, false, null),
    (
        4, 'lone_reversals',
        'Reversals and voids that name no payment of the file: left out, and no line is freed by them',
        null, false, null
    ),
    (5, 'denied', 'Denied lines: never findings, never per diems', null, false, null),
    (
        6, 'out_of_scope',
        'Lines of Medicare, Medicaid or a plan that the policy does not apply to',
        null, false, null
    ),
    (
        7, 'unknown_applicability',
        'Lines without a payer or plan: nobody can tell whether the policy applies, left out',
        null, false, null
    ),
    (8, 'outside_period', 'Lines outside the audited period: evidence only', null, false, null),
    (
        9, 'without_paid_date',
        'Lines without a paid date, where the period is one of paid dates: evidence only',
        null, false, null
    ),
    (
        10, 'not_in_force',
        'Answers on services before the provision existed',
        'window', true, 'Services before the provision existed'
    ),
    (
        11, 'shared_claim_id',
        'Answers on claim ids that stand for paid claims of two members, and findings on these members: not evaluable',
        'shared_claim_id', false, 'A claim id that two members share: not evaluable'
    ),
    (
        12, 'earlier_text',
        'Overpayments turned into reviews: the policy text then in force is not on file',
        'window', false, 'An earlier policy text, not on file: review'
    ),
    (
        13, 'self_funded',
        'Overpayments turned into reviews: self-funded, FEP or BlueCard',
        'self_funded', false, 'Self-funded, FEP or BlueCard: review'
    ),
    (
        14, 'secondary_payer',
        'Overpayments turned into reviews: another payer paid first',
        'secondary_payer', false, 'Another payer paid first: review'
    ),
    (
        15, 'review_only',
        'Overpayments turned into reviews: the plan set the rule to review only',
        'review_only', false, 'Rule set to review only by the plan'
    ),
    (
        16, 'override',
        'Findings changed by an override of the plan',
        'override', false, 'Exempt or review by an override of the plan'
    ),
    (
        17, 'below_minimum',
        'Findings below the least amount: counted, not reported',
        null, false, 'Below the least amount'
    )
) as listed (gate_order, gate, title, changed_by, is_not_in_force, walk_title)
