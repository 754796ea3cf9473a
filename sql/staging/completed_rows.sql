-- View: the rows that stand for lines, completed by what their claim, their type of bill and the lists tell.
select
    standing_rows.*,
    coalesce(standing_rows.billing_tin, standing_rows.billing_npi, claim_headers.provider_id) as known_provider_id,
    case
        when standing_rows.claim_type in ('professional', 'institutional') then standing_rows.claim_type
        else coalesce(claim_headers.claim_type, standing_rows.claim_type)
    end as known_claim_type,
    greatest(
        coalesce(standing_rows.claim_line_end_date, standing_rows.claim_line_start_date),
        standing_rows.claim_line_start_date
    ) as through_date,
    coalesce(standing_rows.claim_line_status, '') = 'denied' as is_status_denied,
    coalesce(standing_rows.funding, stated_fundings.funding) as known_funding,
    coalesce(
        standing_rows.place_of_service_code,
        bill_type_places.place_of_service_code,
        case when standing_rows.bill_type_code is not null then '99' end
    ) as place_code,
    government_business.line_of_business is not null as is_government,
    -- Null where a list asks for a payer or plan that the line lacks, and no other speaks against it.
    (
        not exists (select 1 from applicable_payers)
        or case when standing_rows.payer is not null then payers.payer is not null end
    ) and (
        not exists (select 1 from applicable_plans)
        or case when standing_rows.plan is not null then plans.plan is not null end
    ) as is_applicable
from standing_rows
left join claim_headers
    on standing_rows.claim_id = claim_headers.claim_id and standing_rows.member_id = claim_headers.member_id
left join bill_type_places
    on left(standing_rows.bill_type_code, 2) = bill_type_places.bill_type_prefix
    and standing_rows.claim_line_start_date between bill_type_places.valid_from and bill_type_places.valid_to
left join government_business
    on standing_rows.line_of_business = government_business.line_of_business
    and standing_rows.claim_line_start_date = government_business.claim_line_start_date
left join applicable_payers as payers on lower(standing_rows.payer) = payers.payer
left join applicable_plans as plans on lower(standing_rows.plan) = plans.plan
left join stated_fundings
    on standing_rows.line_of_business = stated_fundings.line_of_business
    and standing_rows.claim_line_start_date = stated_fundings.claim_line_start_date
