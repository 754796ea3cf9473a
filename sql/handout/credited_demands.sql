-- One row per overpaid claim line and part of its net (demanded, contingent, dependent, time_barred, closed, recovered,
-- nothing_paid) that is not empty, with the finding credited with it: of those that make the part the one with the
-- largest amount, then the first in the order of the rules. What was recovered stands with the finding that it was
-- recorded under, where that is one of them.
with parts as (
    select
        demand_findings.*,
        case
            when demand_findings.amount = 0 then 'nothing_paid'
            when demand_findings.is_closed then 'closed'
            when demand_findings.is_contingent then 'contingent'
            when demand_findings.is_dependent then 'dependent'
            when demand_findings.is_time_barred then 'time_barred'
            else 'demanded'
        end as part
    from demand_findings
    union all
    select demand_findings.*, 'recovered' as part
    from demand_findings
    where demand_findings.line_recovered_amount > 0
),

part_amounts as (
    select
        parts.*,
        case parts.part
            when 'demanded' then line_demands.demanded_amount
            when 'contingent' then line_demands.contingent_amount
            when 'dependent' then line_demands.dependent_amount
            when 'time_barred' then line_demands.time_barred_amount
            when 'closed' then line_demands.closed_amount
            when 'recovered' then line_demands.recovered_amount
            else line_demands.net_overpaid_amount
        end as part_amount,
        line_demands.recovered_amount as already_recovered_amount,
        row_number() over (
            partition by parts.claim_id, parts.claim_line_number, parts.part
            order by
                case when parts.part = 'recovered' then parts.recovered_amount else 0.00 end desc,
                parts.amount desc, parts.rule_number
        ) as place
    from parts
    inner join line_demands
        on parts.claim_id = line_demands.claim_id and parts.claim_line_number = line_demands.claim_line_number
)

select * from part_amounts
where place = 1 and (part_amount > 0) = (part <> 'nothing_paid')
