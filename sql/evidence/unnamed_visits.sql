-- Findings that rest on a registered nurse's visit being absent, on a day of which a home visit was paid that does not
-- say who came: by its code, or by a revenue code of nursing beside a code that names no nurse.
with named_codes as (
    select code, valid_from, valid_to from nursing_codes
    where code_system = 'hcpcs' and role in ('rn_visit', 'lpn_visit')
),

visit_lines as (
    select claim_lines.*
    from claim_lines
    inner join nursing_codes
        on (
            (
                nursing_codes.code_system = 'hcpcs' and nursing_codes.role in ('home_visit', 'rn_visit_addon')
                and claim_lines.hcpcs_code = nursing_codes.code
            )
            or (
                nursing_codes.code_system = 'revenue'
                and (nursing_codes.role = 'home_visit' or claim_lines.hcpcs_code is not null)
                and claim_lines.revenue_center_code = nursing_codes.code
            )
        )
        and claim_lines.claim_line_start_date between nursing_codes.valid_from and nursing_codes.valid_to
    left join named_codes
        on claim_lines.hcpcs_code = named_codes.code
        and claim_lines.claim_line_start_date between named_codes.valid_from and named_codes.valid_to
    where claim_lines.is_allowed and named_codes.code is null
)

select distinct
    asked_findings.finding_id, 'unnamed visit' as doubt, cast(null as varchar) as detail
from asked_findings
inner join rule_doubts on asked_findings.rule = rule_doubts.rule
inner join visit_lines
    on asked_findings.member_id = visit_lines.member_id
    and asked_findings.claim_line_start_date <= visit_lines.claim_line_end_date
    and asked_findings.claim_line_end_date >= visit_lines.claim_line_start_date
    and not (
        asked_findings.claim_id = visit_lines.claim_id
        and asked_findings.claim_line_number = visit_lines.claim_line_number
    )
where rule_doubts.doubt = 'unnamed visit'
