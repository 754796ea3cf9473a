-- One row per provider with a finding: the totals of its hand-out. Reviews stand apart and are never added.
with demanded_lines as (
    select
        line_demands.provider_id,
        count(*) filter (where line_demands.demanded_amount > 0) as demanded_line_count,
        sum(line_demands.demanded_amount) as demanded_amount,
        count(*) filter (where line_demands.contingent_amount > 0) as contingent_line_count,
        sum(line_demands.contingent_amount) as contingent_amount,
        count(*) filter (where line_demands.dependent_amount > 0) as dependent_line_count,
        sum(line_demands.dependent_amount) as dependent_amount,
        count(*) filter (where line_demands.time_barred_amount > 0) as time_barred_line_count,
        sum(line_demands.time_barred_amount) as time_barred_amount,
        count(*) filter (where line_demands.closed_amount > 0) as closed_line_count,
        sum(line_demands.closed_amount) as closed_amount,
        count(*) filter (where line_demands.recovered_amount > 0) as recovered_line_count,
        sum(line_demands.recovered_amount) as recovered_amount,
        count(*) filter (where line_demands.net_overpaid_amount = 0) as nothing_paid_line_count,
        sum(line_demands.net_overpaid_amount) as net_overpaid_amount
    from line_demands
    group by line_demands.provider_id
),

-- Of the contingent and the dependent lines those of which a notice says no more than that they are not certain enough.
uncertain_lines as (
    select provider_id, line_count as uncertain_line_count, amount as uncertain_amount
    from handout_left_out
    where ground = 'uncertain'
),

unknown_deadlines as (
    select
        provider_id, count(*) as deadline_unknown_line_count, sum(part_amount) as deadline_unknown_amount
    from credited_demands
    where part = 'demanded' and recovery_status = 'unknown'
    group by provider_id
),

first_deadlines as (
    select provider_id, min(recover_by_date) as first_recover_by_date
    from credited_demands
    where part = 'demanded'
    group by provider_id
),

leads as (
    select provider_id, count(*) as review_line_count, sum(review_amount) as review_amount
    from handout_leads
    group by provider_id
),

records as (
    select provider_id, count(*) as document_count
    from handout_records
    group by provider_id
),

provider_ids as (
    select provider_id from line_exposure
    group by provider_id
)

select
    provider_ids.provider_id, names.provider_name,
    coalesce(demanded_lines.demanded_line_count, 0) as demanded_line_count,
    cast(coalesce(demanded_lines.demanded_amount, 0) as decimal(18, 2)) as demanded_amount,
    coalesce(demanded_lines.contingent_line_count, 0) as contingent_line_count,
    cast(coalesce(demanded_lines.contingent_amount, 0) as decimal(18, 2)) as contingent_amount,
    coalesce(demanded_lines.dependent_line_count, 0) as dependent_line_count,
    cast(coalesce(demanded_lines.dependent_amount, 0) as decimal(18, 2)) as dependent_amount,
    coalesce(demanded_lines.time_barred_line_count, 0) as time_barred_line_count,
    cast(coalesce(demanded_lines.time_barred_amount, 0) as decimal(18, 2)) as time_barred_amount,
    coalesce(demanded_lines.nothing_paid_line_count, 0) as nothing_paid_line_count,
    cast(coalesce(demanded_lines.net_overpaid_amount, 0) as decimal(18, 2)) as net_overpaid_amount,
    coalesce(unknown_deadlines.deadline_unknown_line_count, 0) as deadline_unknown_line_count,
    cast(coalesce(unknown_deadlines.deadline_unknown_amount, 0) as decimal(18, 2)) as deadline_unknown_amount,
    first_deadlines.first_recover_by_date,
    coalesce(leads.review_line_count, 0) as review_line_count,
    cast(coalesce(leads.review_amount, 0) as decimal(18, 2)) as review_amount,
    coalesce(records.document_count, 0) as document_count,
    coalesce(demanded_lines.closed_line_count, 0) as closed_line_count,
    cast(coalesce(demanded_lines.closed_amount, 0) as decimal(18, 2)) as closed_amount,
    coalesce(demanded_lines.recovered_line_count, 0) as recovered_line_count,
    cast(coalesce(demanded_lines.recovered_amount, 0) as decimal(18, 2)) as recovered_amount,
    coalesce(uncertain_lines.uncertain_line_count, 0) as uncertain_line_count,
    cast(coalesce(uncertain_lines.uncertain_amount, 0) as decimal(18, 2)) as uncertain_amount
from provider_ids
left join handout_provider_names as names on provider_ids.provider_id = names.provider_id
left join demanded_lines on provider_ids.provider_id = demanded_lines.provider_id
left join uncertain_lines on provider_ids.provider_id = uncertain_lines.provider_id
left join unknown_deadlines on provider_ids.provider_id = unknown_deadlines.provider_id
left join first_deadlines on provider_ids.provider_id = first_deadlines.provider_id
left join leads on provider_ids.provider_id = leads.provider_id
left join records on provider_ids.provider_id = records.provider_id
