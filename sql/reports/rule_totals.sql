-- One row per rule of the run and one total: lines by outcome, dollars gross of overlap and net of it.
-- Net dollars of a line belong to the one rule credited with it: the net columns add up to the headlines.
with counted_outcomes as (
    select
        rule,
        sum(line_count) as considered_line_count,
        sum(line_count) filter (where outcome = 'overpayment') as overpayment_line_count,
        sum(line_count) filter (where outcome = 'review') as review_line_count,
        sum(line_count) filter (where outcome = 'pass') as pass_line_count,
        sum(line_count) filter (where outcome = 'excepted') as excepted_line_count,
        sum(line_count) filter (where outcome = 'not_evaluable') as not_evaluable_line_count,
        sum(line_count) filter (where outcome = 'not_in_force') as not_in_force_line_count,
        sum(amount) filter (where outcome = 'overpayment') as gross_overpayment_amount,
        sum(amount) filter (where outcome = 'review') as gross_review_amount
    from selected_outcomes
    group by rule
),

credited_overpayments as (
    select
        overpaid_rule as rule,
        sum(net_overpaid_amount) as net_overpaid_amount,
        sum(contingent_overpaid_amount) as contingent_overpaid_amount
    from selected_exposure
    group by overpaid_rule
),

credited_reviews as (
    select
        review_rule as rule,
        sum(net_review_amount) as net_review_amount
    from selected_exposure
    group by review_rule
),

rule_rows as (
    select
        audited_rules.rule_number,
        audited_rules.rule,
        audited_rules.title,
        counted_outcomes.* exclude (rule),
        credited_overpayments.* exclude (rule),
        credited_reviews.net_review_amount,
        coalesce(rule_standing.is_validated, false) as is_validated
    from audited_rules
    left join counted_outcomes on audited_rules.rule = counted_outcomes.rule
    left join credited_overpayments on audited_rules.rule = credited_overpayments.rule
    left join credited_reviews on audited_rules.rule = credited_reviews.rule
    left join rule_standing on audited_rules.rule = rule_standing.rule
)

select
    rule_number,
    rule,
    case when grouping(rule) = 1 then 'All rules' else title end as title,
    cast(coalesce(sum(considered_line_count), 0) as bigint) as considered_line_count,
    cast(coalesce(sum(overpayment_line_count), 0) as bigint) as overpayment_line_count,
    cast(coalesce(sum(review_line_count), 0) as bigint) as review_line_count,
    cast(coalesce(sum(pass_line_count), 0) as bigint) as pass_line_count,
    cast(coalesce(sum(excepted_line_count), 0) as bigint) as excepted_line_count,
    cast(coalesce(sum(not_evaluable_line_count), 0) as bigint) as not_evaluable_line_count,
    cast(coalesce(sum(not_in_force_line_count), 0) as bigint) as not_in_force_line_count,
    cast(coalesce(sum(gross_overpayment_amount), 0) as decimal(18, 2)) as gross_overpayment_amount,
    cast(coalesce(sum(net_overpaid_amount), 0) as decimal(18, 2)) as net_overpaid_amount,
    cast(coalesce(sum(contingent_overpaid_amount), 0) as decimal(18, 2)) as contingent_overpaid_amount,
    cast(coalesce(sum(gross_review_amount), 0) as decimal(18, 2)) as gross_review_amount,
    cast(coalesce(sum(net_review_amount), 0) as decimal(18, 2)) as net_review_amount,
    case
        when grouping(rule) = 1 then ''
        when bool_or(is_validated) then 'accepted'
        else 'not yet validated here'
    end as validation,
    grouping(rule) = 1 as is_total
from rule_rows
group by grouping sets ((rule_number, rule, title), ())
order by is_total, rule_number, rule
