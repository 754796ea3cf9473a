-- From what each rule decided for itself to what can be recovered, of the whole run: see gate_steps.
with totals as (
    select
        unnest(['overlap', 'below_minimum', 'given_up', 'unknown']) as after_step,
        unnest(['each_dollar_once', 'net_overpaid', 'outstanding', 'recoverable']) as step,
        unnest([
            'Decided, each dollar once',
            'Potential overpayment, net',
            'Outstanding, after what reviewers settled',
            'Net recoverable on the day of the run'
        ]) as title
),

placed_totals as (
    select
        totals.*,
        walk_steps.step_order
    from totals
    inner join walk_steps on totals.after_step = walk_steps.step
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
        'Decided by the rules before gates, each for itself' as title,
        1000 as position,
        'total' as kind,
        sum(gross_amount) as amount,
        count(*) as line_count
    from gate_steps
    where step = 'overlap'
),

gate_rows as (
    select
        any_value(walk_steps.step) as step,
        any_value(walk_steps.title) as title,
        1001 + 10 * walk_steps.step_order as position,
        'step' as kind,
        sum(gate_steps.taken_amount) as amount,
        count(*) filter (where gate_steps.taken_amount <> 0) as line_count
    from walk_steps
    left join gate_steps on walk_steps.step_order = gate_steps.step_order
    group by walk_steps.step_order
    union all by name
    select
        any_value(placed_totals.step) as step,
        any_value(placed_totals.title) as title,
        1002 + 10 * placed_totals.step_order as position,
        'total' as kind,
        sum(gate_steps.net_amount) as amount,
        count(*) filter (where gate_steps.net_amount > 0) as line_count
    from placed_totals
    left join gate_steps on placed_totals.step_order = gate_steps.step_order
    group by placed_totals.step_order
    union all by name
    select
        any_value(placed_totals.step) || '_contingent' as step,
        'of which contingent on a per diem overpaid in full' as title,
        1003 + 10 * placed_totals.step_order as position,
        'part' as kind,
        sum(least(gate_steps.net_amount, line_exposure.contingent_overpaid_amount)) as amount,
        count(*) filter (where least(gate_steps.net_amount, line_exposure.contingent_overpaid_amount) > 0)
            as line_count
    from placed_totals
    left join gate_steps on placed_totals.step_order = gate_steps.step_order
    left join line_exposure
        on
        gate_steps.claim_id = line_exposure.claim_id
        and gate_steps.claim_line_number = line_exposure.claim_line_number
    where placed_totals.after_step <> 'overlap'
    group by placed_totals.step_order
)

select * from gross_rows
union all by name
select * from gate_rows
