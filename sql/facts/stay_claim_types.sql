-- Claims of stays in a hospital or a skilled nursing facility by their bill type (typed), and claims that may be such:
-- without a bill type on any line, with a revenue code of room and board; or institutional, with an admission date, and
-- with no other place and no visit at home on a line, since home care has a day of admission too.
with stay_places as (
    select distinct place_of_service_code from bill_type_places
    where is_stay
),

claim_signs as (
    select
        claim_lines.claim_id,
        bool_or(bill_type_places.bill_type_prefix is not null) as is_typed,
        bool_or(claim_lines.bill_type_code is not null) as has_bill_type,
        bool_or(room_revenue_codes.code is not null) as has_room,
        bool_or(coalesce(claim_lines.claim_type, '') = 'institutional' and claim_lines.admission_date is not null)
            as has_admission,
        bool_or(
            nursing_codes.code is not null
            or (claim_lines.place_of_service_code is not null and stay_places.place_of_service_code is null)
        ) as is_elsewhere
    from claim_lines
    left join bill_type_places
        on left(claim_lines.bill_type_code, 2) = bill_type_places.bill_type_prefix
        and claim_lines.claim_line_start_date between bill_type_places.valid_from and bill_type_places.valid_to
        and bill_type_places.is_stay
    left join room_revenue_codes
        on claim_lines.revenue_center_code = room_revenue_codes.code
        and claim_lines.claim_line_start_date between room_revenue_codes.valid_from and room_revenue_codes.valid_to
    left join nursing_codes
        on claim_lines.revenue_center_code = nursing_codes.code and nursing_codes.code_system = 'revenue'
        and claim_lines.claim_line_start_date between nursing_codes.valid_from and nursing_codes.valid_to
    left join stay_places on claim_lines.place_of_service_code = stay_places.place_of_service_code
    group by claim_lines.claim_id
)

select claim_id, is_typed from claim_signs
where is_typed or (not has_bill_type and (has_room or (has_admission and not is_elsewhere)))
