-- What the audited lines paid for: per diems, drugs, supplies and the rest.
select
    code_kind,
    count(distinct hcpcs_code) as code_count,
    cast(sum(line_count) as bigint) as line_count,
    cast(sum(paid_amount) as decimal(18, 2)) as paid_amount
from selected_therapy_mix
group by code_kind
order by paid_amount desc, code_kind
