"""The tables of an invented run, each a query in which `{rules}` and the like are filled in."""

RULES = [
    (
        1,
        "incidental_injection_per_diem",
        "Per diem for an injection that is incidental to a visit",
        "bundled",
        "A",
    ),
    (2, "supply_with_per_diem", "Supply or equipment paid beside a per diem", "bundled", "A"),
    (3, "flush_with_home_infusion", "Flush paid beside home infusion", "bundled", "A"),
    (4, "iv_solution_with_drug_per_diem", "IV solution paid beside a drug per diem", "bundled", "A"),
    (5, "diluent_or_heparin_with_per_diem", "Diluent or heparin paid beside a per diem", "bundled", "A"),
    (6, "bundled_service_with_per_diem", "Service that a per diem includes, paid beside it", "bundled", "A"),
    (7, "tpn_base_product", "Product that a TPN per diem includes", "tpn", "A"),
    (8, "tpn_high_concentration_amino_acid", "Amino acid of 15 % or more beside a TPN per diem", "tpn", "A"),
    (
        9,
        "implanted_pump_daily_billing",
        "Implanted pump per diem billed on days without a refill",
        "pump_refill",
        "A",
    ),
    (10, "implanted_pump_outside_home", "Implanted pump per diem outside the home", "pump_refill", "A"),
    (13, "per_diem_duplicate_day", "Per diem paid twice for a day", "per_diem", "A"),
    (14, "per_diem_units_exceed_days", "More per diem units than days", "per_diem", "A"),
    (16, "per_diem_code_conflict", "Two per diems that exclude each other on a day", "per_diem", "A"),
    (17, "concurrent_therapy_modifier", "Concurrent therapy without its modifier", "per_diem", "A"),
    (18, "per_diem_without_drug", "Per diem without any drug billed", "per_diem", "A"),
    (20, "self_administered_drug", "Self-administered drug paid under the medical benefit", "drugs", "A"),
    (22, "excluded_route_drug", "Drug by a route that is not infusion", "drugs", "B"),
    (23, "per_diem_place_of_service", "Per diem at a place where it is not payable", "setting", "B"),
    (24, "per_diem_during_inpatient_stay", "Per diem during an inpatient stay", "setting", "B"),
    (27, "invalid_code_on_service_date", "Code that was not valid on the service date", "coding", "A"),
]

TABLES = {
    "fake_rules": "select * from (values {rules}) as fake_rules (number, rule)",
    "claim_lines": """
        select
            'CLM' || lpad(cast(line // 3 as text), 6, '0') as claim_id,
            cast(line % 3 + 1 as bigint) as claim_line_number,
            'M' || (line // 3 % 271) as member_id,
            case when line // 3 % 97 = 0 then 'claim CLM' || lpad(cast(line // 3 as text), 6, '0')
                else cast(741000000 + least(hash(line // 3, 'p') % 33, hash(line // 3, 'q') % 33) as text)
            end as provider_id,
            date '2024-11-01' + cast(hash(line // 3, 'd') % 420 as integer) as claim_line_start_date,
            claim_line_start_date as claim_line_end_date,
            claim_line_start_date + 21 as paid_date,
            ['S9500', 'A4222', 'S9365', 'E0781', 'J1642', 'S9328', 'A4216', 'J7050', 'S9379', 'B4185',
                'S9494', 'J3370', 'A4223', 'S9375', 'J0878', 'S5498', 'A4215', 'S9347', 'J1569', 'K0455',
                'S9061', 'J7042', 'S9330', null][1 + cast(hash(line, 'c') % 24 as bigint)] as hcpcs_code,
            cast(1 + hash(line, 'u') % 5 as decimal(18, 3)) as service_unit_quantity,
            cast(cast(500 + hash(line, 'a') % 95000 as bigint) * 0.01 as decimal(18, 2)) as paid_amount,
            paid_amount as allowed_amount,
            '12' as place_of_service_code,
            '' as modifiers,
            'E119' as diagnosis_codes,
            'commercial' as line_of_business,
            cast(1.5 as decimal(18, 2)) as coinsurance_amount,
            cast(null as decimal(18, 2)) as copayment_amount,
            cast(0 as decimal(18, 2)) as deductible_amount,
            'insured' as funding,
            'Example Plan' as plan,
            case when line % 5 = 0 then 'A1' end as authorization_number,
            true as is_allowed,
            'claims.csv' as source_file,
            cast(line + 2 as bigint) as source_row
        from range(3000) as lines (line)
    """,
    "line_outcomes": """
        with considered as (
            select
                claim_lines.*,
                fake_rules.rule,
                hash(claim_id, claim_line_number, rule, 'o') % 100 as draw,
                cast(hash(claim_id, claim_line_number, rule, 's') % 4 + 1 as bigint) as quarters
            from claim_lines
            inner join fake_rules on hash(claim_id, claim_line_number, rule, 'k') % 12 = 0
        )
        select
            rule,
            1 as rule_version,
            case
                when {no_findings} and draw < 30 then 'pass'
                when draw < 13 then 'overpayment' when draw < 22 then 'review' when draw < 30 then 'excepted'
                when draw < 36 then 'not_evaluable' when draw < 41 then 'not_in_force' else 'pass'
            end as outcome,
            case
                when outcome in ('overpayment', 'review')
                    then cast(paid_amount * quarters * 0.25 as decimal(18, 2))
                else 0.00 end as amount,
            case outcome
                when 'overpayment' then 'paid although a per diem of the same provider includes it'
                when 'review' then 'records must show what was done'
                when 'not_evaluable' then 'the place of service is missing (place_of_service_code)'
                when 'not_in_force' then 'the service came before the provision'
                when 'excepted' then 'a stated exception frees it'
                else 'in order'
            end as reason,
            outcome as decided_outcome, amount as decided_amount, cast(null as text) as changed_by,
            cast(null as text) as gated_by,
            claim_id, claim_line_number, paid_amount, member_id, provider_id, claim_line_start_date,
            claim_line_end_date, paid_date, hcpcs_code, service_unit_quantity, modifiers, allowed_amount,
            line_of_business, place_of_service_code,
            cast(null as text) as related_claim_id, cast(null as bigint) as related_claim_line_number
        from considered
    """,
    "findings": """
        select
            left(sha256(concat_ws('|', rule, claim_id, claim_line_number)), 16) as finding_id,
            *,
            'Reimbursement Information' as policy_section,
            'current' as policy_text
        from line_outcomes
        where outcome in ('overpayment', 'review')
    """,
    "rule_outcomes": """
        select rule, rule_version, outcome, reason, count(*) as line_count,
            sum(paid_amount) as paid_amount, sum(amount) as amount
        from line_outcomes
        group by all
    """,
    "line_exposure": """
        select
            claim_id, claim_line_number, member_id, provider_id, hcpcs_code, claim_line_start_date,
            any_value(paid_amount) as paid_amount,
            coalesce(max(amount) filter (where outcome = 'overpayment'), 0.00) as net_overpaid_amount,
            coalesce(max(amount) filter (where outcome = 'review'), 0.00) as largest_review_amount,
            greatest(largest_review_amount - net_overpaid_amount, 0.00) as net_review_amount,
            arg_max(rule, amount) filter (where outcome = 'overpayment') as overpaid_rule,
            arg_max(rule, amount) filter (where outcome = 'review') as review_rule,
            case when hash(claim_id, 'c') % 8 = 0 then net_overpaid_amount else 0.00 end
                as contingent_overpaid_amount,
            string_agg(rule, ',' order by rule) as rules,
            net_overpaid_amount > 0 and net_overpaid_amount = any_value(paid_amount) as is_overpaid_in_full
        from findings
        group by claim_id, claim_line_number, member_id, provider_id, hcpcs_code, claim_line_start_date
    """,
    "recovery": """
        select
            '' as finding_id, '' as recovery_status, current_date as recover_by_date, 0::bigint as days_left,
            current_date as counted_from_date, 0::bigint as months, 0::bigint as limit_row, '' as citation, '' as reason
        where false
    """,
    "reversed_findings": """
        select
            '' as finding_id, '' as reversed_line, '' as kind, '' as reversal_claim_id,
            0::bigint as reversal_line_number, '' as reversal_provider_id, 0::decimal(18, 2) as reversal_paid_amount
        where false
    """,
    "per_diems_outside_period": """
        select '' as claim_id, 0::bigint as claim_line_number, '' as provider_id, '' as overpaid_rule where false
    """,
    "rejected_rows": """
        select 'claims.csv' as source_file, cast(row as bigint) as source_row,
            'claim_line_start_date' as column_name, 'not a date' as reason, '' as source_text
        from range({rejected}) as rows (row)
    """,
    "therapy_mix": """
        select
            case when provider_id not like 'claim %' then provider_id end as provider_id, hcpcs_code, line_of_business,
            cast(date_trunc('month', claim_line_start_date) as date) as period_month,
            case left(hcpcs_code, 1) when 'S' then 'per diem' when 'J' then 'drug' else 'other' end as code_kind,
            case when code_kind = 'per diem' then 'family ' || right(hcpcs_code, 1) end as therapy_family,
            count(*) as line_count, count(distinct claim_id) as claim_count, count(distinct member_id) as member_count,
            count(*) as day_count, cast(sum(service_unit_quantity) as decimal(18, 3)) as unit_quantity,
            cast(sum(paid_amount) as decimal(18, 2)) as paid_amount
        from claim_lines
        group by all
    """,
    "provider_volumes": """
        select
            case when provider_id not like 'claim %' then provider_id end as provider_id, count(*) as line_count,
            count(distinct claim_id) as claim_count, count(distinct member_id) as member_count,
            count(*) filter (where hcpcs_code like 'S%') as per_diem_line_count,
            per_diem_line_count as per_diem_day_count,
            cast(coalesce(sum(paid_amount) filter (where hcpcs_code like 'S%'), 0) as decimal(18, 2))
                as per_diem_paid_amount,
            cast(sum(paid_amount) as decimal(18, 2)) as paid_amount
        from claim_lines
        group by all
    """,
    "therapy_episodes": """
        select
            provider_id, hcpcs_code, therapy_family, line_of_business, period_month,
            cast([1, 2, 8, 15, 29, 57][1 + cast(hash(hcpcs_code, period_month) % 6 as bigint)] as bigint)
                as shortest_day_count,
            member_count as episode_count, member_count // 3 as episode_above_days_count, day_count, unit_quantity,
            paid_amount
        from therapy_mix
        where code_kind = 'per diem'
    """,
    "tpn_product_mix": """
        select
            provider_id, hcpcs_code, line_of_business, period_month, cast(null as text) as product_code,
            'hcpcs_code' as found_by, 'separate' as policy, cast(null as text) as product_class,
            line_count % 2 = 0 as is_beside_per_diem, line_count, member_count, paid_amount
        from therapy_mix
        where hcpcs_code = 'B4185'
    """,
    "pump_days": """
        select
            claim_lines.member_id, claim_lines.provider_id,
            claim_lines.claim_line_start_date + cast(days.day as integer) as service_date,
            claim_lines.claim_id, claim_lines.claim_line_number,
            days.day % 9 = 0 as is_event, days.day % 18 = 0 as is_weak, cast(1 as decimal(18, 3)) as unit_quantity,
            cast(case when days.day % 9 = 0 then 1 else 0 end as decimal(18, 3)) as kept_unit_quantity
        from claim_lines
        inner join findings
            on claim_lines.claim_id = findings.claim_id
            and claim_lines.claim_line_number = findings.claim_line_number
        cross join range(20) as days (day)
        where findings.hcpcs_code = 'S9328' and findings.rule = 'implanted_pump_daily_billing'
    """,
    "providers": """
        select distinct provider_id, 'Invented Home Infusion ' || right(provider_id, 2)
            || case right(provider_id, 1) when '3' then ' and Specialty Pharmacy of the Counties' else '' end
            as name
        from claim_lines
        where provider_id not like 'claim %' and right(provider_id, 1) <> '9'
    """,
}
