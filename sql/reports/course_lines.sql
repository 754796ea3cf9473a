-- One course of therapy, line by line: the member and provider with the most net dollars in question on per diem lines
-- (the implanted pump's left out), from 14 days before the first of these lines to 106 days after, at most 60 lines.
with per_diem_exposure as (
    select
        selected_exposure.member_id,
        selected_exposure.provider_id,
        selected_exposure.claim_line_start_date,
        selected_exposure.net_overpaid_amount,
        selected_exposure.net_review_amount
    from selected_exposure
    inner join per_diem_codes on selected_exposure.hcpcs_code = per_diem_codes.code
    where per_diem_codes.family <> 'pain_implanted_pump'
),

ranked_courses as (
    select
        member_id,
        provider_id,
        min(claim_line_start_date) as first_date,
        row_number() over (
            order by sum(net_overpaid_amount) desc, sum(net_review_amount) desc, member_id, provider_id
        ) as place
    from per_diem_exposure
    group by member_id, provider_id
)

select
    claim_lines.claim_line_start_date,
    claim_lines.claim_line_end_date,
    claim_lines.hcpcs_code,
    code_labels.label as code_label,
    claim_lines.service_unit_quantity as unit_quantity,
    claim_lines.paid_amount,
    coalesce(selected_exposure.net_overpaid_amount, 0.00) as net_overpaid_amount,
    coalesce(selected_exposure.net_review_amount, 0.00) as net_review_amount,
    case
        when selected_exposure.overpaid_rule is not null then 'overpayment'
        when selected_exposure.review_rule is not null then 'review'
        else 'no finding'
    end as line_outcome,
    claim_lines.claim_id,
    claim_lines.claim_line_number,
    claim_lines.member_id,
    coalesce(providers.name, claim_lines.provider_id) as provider_name,
    count(*) over () as whole_count
from claim_lines
inner join ranked_courses
    on
    claim_lines.member_id = ranked_courses.member_id
    and claim_lines.provider_id = ranked_courses.provider_id
    and claim_lines.claim_line_start_date between ranked_courses.first_date - 14 and ranked_courses.first_date + 106
left join selected_exposure
    on
    claim_lines.claim_id = selected_exposure.claim_id
    and claim_lines.claim_line_number = selected_exposure.claim_line_number
left join code_labels on claim_lines.hcpcs_code = code_labels.hcpcs_code
left join providers on claim_lines.provider_id = providers.provider_id
where ranked_courses.place = 1 and claim_lines.is_allowed
order by claim_lines.claim_line_start_date, claim_lines.hcpcs_code, claim_lines.claim_id, claim_lines.claim_line_number
limit 60
