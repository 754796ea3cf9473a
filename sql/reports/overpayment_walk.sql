-- From what each rule decided for itself to what can be recovered, of the whole run: see gate_steps.
with steps as (
    select
        unnest(range(10)) as gate_order,
        unnest([
            'overlap',
            'not_in_force',
            'earlier_text',
            'self_funded',
            'secondary_payer',
            'review_only',
            'override',
            'below_minimum',
            'time_barred',
            'unknown'
        ]) as step,
        unnest([
            'Overlap: lines that several rules name',
            'Services before the provision existed',
            'An earlier policy text, not on file: review',
            'Self-funded, FEP or BlueCard: review',
            'Another payer paid first: review',
            'Rule set to review only by the plan',
            'Exempt or review by an override of the plan',
            'Below the least amount',
            'Time-barred by the lookback limits',
            'Unknown whether it is still in time'
        ]) as title
),

totals as (
    select
        unnest([0, 7, 9]) as gate_order,
        unnest(['each_dollar_once', 'net_overpaid', 'recoverable']) as step,
        unnest([
            'Decided, each dollar once',
            'Potential overpayment, net',
            'Net recoverable on the day of the run'
        ]) as title
),

gross_rows as (
    select
        decided_overpayments.rule as step,
        'Decided by rule ' || audited_rules.rule_number || ': ' || audited_rules.title as title,
        2000 + audited_rules.rule_number as position,
        'part' as kind,
        sum(decided_overpayments.decided_amount) as amount,
        count(*) as line_count
    from decided_overpayments
    inner join audited_rules on decided_overpayments.rule = audited_rules.rule
    group by decided_overpayments.rule, audited_rules.title, audited_rules.rule_number
    union all by name
    select
        'gross' as step,
        'Decided by the rules, each for itself' as title,
        1000 as position,
        'total' as kind,
        sum(gross_amount) as amount,
        count(*) as line_count
    from gate_steps
    where gate_order = 0
),

gate_rows as (
    select
        any_value(steps.step) as step,
        any_value(steps.title) as title,
        1001 + 10 * steps.gate_order as position,
        'step' as kind,
        sum(gate_steps.taken_amount) as amount,
        count(*) filter (where gate_steps.taken_amount <> 0) as line_count
    from steps
    left join gate_steps on steps.gate_order = gate_steps.gate_order
    group by steps.gate_order
    union all by name
    select
        any_value(totals.step) as step,
        any_value(totals.title) as title,
        1002 + 10 * totals.gate_order as position,
        'total' as kind,
        sum(gate_steps.net_amount) as amount,
        count(*) filter (where gate_steps.net_amount > 0) as line_count
    from totals
    left join gate_steps on totals.gate_order = gate_steps.gate_order
    group by totals.gate_order
    union all by name
    select
        any_value(totals.step) || '_contingent' as step,
        'of which contingent on a per diem overpaid in full' as title,
        1003 + 10 * totals.gate_order as position,
        'part' as kind,
        sum(least(gate_steps.net_amount, line_exposure.contingent_overpaid_amount)) as amount,
        count(*) filter (where least(gate_steps.net_amount, line_exposure.contingent_overpaid_amount) > 0)
            as line_count
    from totals
    left join gate_steps on totals.gate_order = gate_steps.gate_order
    left join line_exposure
        on
        gate_steps.claim_id = line_exposure.claim_id
        and gate_steps.claim_line_number = line_exposure.claim_line_number
    where totals.gate_order > 0
    group by totals.gate_order
)

select * from gross_rows
union all by name
select * from gate_rows
