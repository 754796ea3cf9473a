-- One row per claim line with a finding: each dollar once, whatever number of rules hit the line.
with line_nets as (
    select
        claim_id, claim_line_number,
        max(case when outcome = 'overpayment' then amount end) as overpaid_amount,
        max(case when outcome = 'review' then amount end) as review_amount,
        string_agg(rule, ',' order by rule_number) as rules
    from findings
    group by claim_id, claim_line_number
),

credited_rules as (
    select
        claim_id, claim_line_number, outcome, rule,
        row_number() over (
            partition by claim_id, claim_line_number, outcome order by amount desc, rule_number
        ) as place
    from findings
),

lines as (
    select
        claim_lines.claim_id, claim_lines.claim_line_number, claim_lines.member_id, claim_lines.provider_id,
        claim_lines.hcpcs_code, claim_lines.claim_line_start_date, claim_lines.paid_amount,
        coalesce(line_nets.overpaid_amount, 0) as overpaid_amount,
        coalesce(line_nets.review_amount, 0) as review_amount,
        coalesce(line_nets.overpaid_amount, 0) = claim_lines.paid_amount and claim_lines.paid_amount > 0
            as is_overpaid_in_full,
        line_nets.rules
    from line_nets
    inner join claim_lines
        on line_nets.claim_id = claim_lines.claim_id and line_nets.claim_line_number = claim_lines.claim_line_number
),

per_diems_overpaid_in_full as (
    select claim_id, claim_line_number from lines
    where is_overpaid_in_full
    union all
    select claim_id, claim_line_number from per_diems_outside_period
),

firm_amounts as (
    select findings.claim_id, findings.claim_line_number, max(findings.amount) as firm_amount
    from findings
    left join per_diems_overpaid_in_full as per_diems
        on findings.related_claim_id = per_diems.claim_id
        and findings.related_claim_line_number = per_diems.claim_line_number
        and findings.is_contingent_on_per_diem
    where findings.outcome = 'overpayment' and per_diems.claim_id is null
    group by findings.claim_id, findings.claim_line_number
)

select
    lines.claim_id, lines.claim_line_number, lines.member_id, lines.provider_id, lines.hcpcs_code,
    lines.claim_line_start_date, lines.paid_amount,
    cast(lines.overpaid_amount as decimal(18, 2)) as net_overpaid_amount,
    cast(greatest(lines.review_amount - lines.overpaid_amount, 0) as decimal(18, 2)) as net_review_amount,
    overpaid.rule as overpaid_rule, reviewed.rule as review_rule,
    cast(lines.overpaid_amount - coalesce(firm_amounts.firm_amount, 0) as decimal(18, 2)) as contingent_overpaid_amount,
    lines.rules, lines.is_overpaid_in_full
from lines
left join credited_rules as overpaid
    on lines.claim_id = overpaid.claim_id and lines.claim_line_number = overpaid.claim_line_number
    and overpaid.outcome = 'overpayment' and overpaid.place = 1
left join credited_rules as reviewed
    on lines.claim_id = reviewed.claim_id and lines.claim_line_number = reviewed.claim_line_number
    and reviewed.outcome = 'review' and reviewed.place = 1
left join firm_amounts
    on lines.claim_id = firm_amounts.claim_id and lines.claim_line_number = firm_amounts.claim_line_number
