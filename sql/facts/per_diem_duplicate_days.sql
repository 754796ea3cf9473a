-- One row per per diem line and day that an earlier line already covers with the same code and the same therapy rank:
-- an earlier line of the provider, or, for a line without any such day, an earlier line of another provider.
with first_lines as (
    select
        claim_id, claim_line_number, member_id, service_date, line_order,
        min(line_order) over (
            partition by member_id, provider_id, hcpcs_code, therapy_rank, service_date
        ) as first_of_provider,
        min(line_order) over (partition by member_id, hcpcs_code, therapy_rank, service_date) as first_of_all
    from priced_per_diem_days
    where family <> 'pain_implanted_pump'
),

covered_days as (
    select
        *, bool_or(first_of_provider < line_order) over (partition by claim_id, claim_line_number) as is_own_duplicate
    from first_lines
    where first_of_all < line_order
)

select
    claim_id, claim_line_number, member_id, service_date,
    case when is_own_duplicate then 'overpayment' else 'review' end as outcome,
    case when is_own_duplicate then first_of_provider else first_of_all end as earlier_line_order
from covered_days
where first_of_provider < line_order or not is_own_duplicate
