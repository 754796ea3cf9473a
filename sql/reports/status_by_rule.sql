-- New and changed findings by rule: what this run adds to the work list; dollars net of overlap.
select
    audited_rules.rule_number, audited_rules.rule, audited_rules.title, finding_status.status,
    count(*) as finding_count,
    cast(sum(finding_status.net_overpaid_amount) as decimal(18, 2)) as net_overpaid_amount,
    cast(sum(finding_status.net_review_amount) as decimal(18, 2)) as net_review_amount
from finding_status
inner join audited_rules on finding_status.rule = audited_rules.rule
where finding_status.status in ('new', 'changed')
group by audited_rules.rule_number, audited_rules.rule, audited_rules.title, finding_status.status
order by audited_rules.rule_number, audited_rules.rule, finding_status.status desc
