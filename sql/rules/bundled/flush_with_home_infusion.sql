with situations as (
    select
        claim_lines.claim_id, claim_lines.claim_line_number, claim_lines.paid_cents, claim_lines.day_count,
        home_infusion_context.context, home_infusion_context.per_diem_claim_id,
        home_infusion_context.per_diem_line_number, per_diem_coverage.covered_days
    from claim_lines
    inner join flush_and_diluent_codes
        on claim_lines.hcpcs_code = flush_and_diluent_codes.code
        and claim_lines.claim_line_start_date
        between flush_and_diluent_codes.valid_from and flush_and_diluent_codes.valid_to
    inner join home_infusion_context
        on claim_lines.claim_id = home_infusion_context.claim_id
        and claim_lines.claim_line_number = home_infusion_context.claim_line_number
    left join per_diem_coverage
        on claim_lines.claim_id = per_diem_coverage.claim_id
        and claim_lines.claim_line_number = per_diem_coverage.claim_line_number
        and per_diem_coverage.kind = 'context'
    where claim_lines.is_allowed and flush_and_diluent_codes.use = 'flush'
)

select
    claim_id, claim_line_number,
    case context
        when 'strong' then 'overpayment' when 'near' then 'review' when 'unknown' then 'not_evaluable' else 'pass'
    end as outcome,
    case
        when context = 'strong' then
            cast(
                cast((paid_cents * covered_days * 2 + day_count) // (2 * day_count) as decimal(20, 0)) * 0.01
                as decimal(18, 2)
            )
        when context = 'near' then cast(paid_cents * 0.01 as decimal(18, 2))
        else 0
    end as amount,
    case context
        when 'strong' then 'a flush that counts as a supply of the home therapy on these days'
        when 'near' then 'a flush at home within 90 days of a home therapy of the provider'
        when 'unknown' then 'place_of_service_code: missing, and the provider supplies home infusions'
        else 'no home therapy of the provider on or near these days, or not at home'
    end as reason,
    per_diem_claim_id as related_claim_id, per_diem_line_number as related_claim_line_number
from situations
