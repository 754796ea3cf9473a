-- `kind`: the per diems that include the product. Beside some others it may be the therapy itself.
with candidate_lines as (
    select
        claim_lines.*, flush_and_diluent_codes.use,
        case flush_and_diluent_codes.use
            when 'epoprostenol_diluent' then 'pah' when 'heparin' then 'infusion_but_tpn' else 'infusion'
        end as kind
    from claim_lines
    inner join flush_and_diluent_codes
        on claim_lines.hcpcs_code = flush_and_diluent_codes.code
        and claim_lines.claim_line_start_date
        between flush_and_diluent_codes.valid_from and flush_and_diluent_codes.valid_to
    where
        claim_lines.is_allowed
        and flush_and_diluent_codes.use in ('epoprostenol_diluent', 'sterile_fluid', 'heparin')
    union all
    select claim_lines.*, 'flush_product' as use, 'infusion' as kind
    from claim_lines
    inner join flush_product_lines
        on claim_lines.claim_id = flush_product_lines.claim_id
        and claim_lines.claim_line_number = flush_product_lines.claim_line_number
    where claim_lines.is_allowed
),

therapy_lines as (
    select distinct candidate_lines.claim_id, candidate_lines.claim_line_number
    from candidate_lines
    inner join per_diem_coverage
        on candidate_lines.claim_id = per_diem_coverage.claim_id
        and candidate_lines.claim_line_number = per_diem_coverage.claim_line_number
    where
        (candidate_lines.use = 'heparin' and per_diem_coverage.kind in ('anticoagulant', 'anticoagulant_injection'))
        or (candidate_lines.use = 'flush_product' and per_diem_coverage.kind in ('tpn', 'hydration'))
),

situations as (
    select
        candidate_lines.claim_id, candidate_lines.claim_line_number, candidate_lines.paid_cents,
        candidate_lines.day_count, candidate_lines.use, per_diem_coverage.covered_days,
        per_diem_coverage.per_diem_claim_id, per_diem_coverage.per_diem_line_number,
        case
            when candidate_lines.is_away_from_home then 'away from home'
            when therapy_lines.claim_id is not null then 'therapy'
            when per_diem_coverage.claim_id is null then 'no per diem'
            else candidate_lines.use
        end as situation
    from candidate_lines
    left join therapy_lines
        on candidate_lines.claim_id = therapy_lines.claim_id
        and candidate_lines.claim_line_number = therapy_lines.claim_line_number
    left join per_diem_coverage
        on candidate_lines.claim_id = per_diem_coverage.claim_id
        and candidate_lines.claim_line_number = per_diem_coverage.claim_line_number
        and candidate_lines.kind = per_diem_coverage.kind
),

answers as (
    select
        *,
        case
            when situation in ('away from home', 'therapy', 'no per diem') then 'pass'
            when situation = 'heparin' then 'review'
            else 'overpayment'
        end as outcome
    from situations
)

select
    claim_id, claim_line_number, outcome,
    case when outcome in ('overpayment', 'review') then cast(
        cast((paid_cents * covered_days * 2 + day_count) // (2 * day_count) as decimal(20, 0)) * 0.01 as decimal(18, 2)
    ) else 0 end as amount,
    case
        when situation = 'away from home' then 'not at home nor in an infusion suite'
        when situation = 'therapy' and use = 'heparin' then 'an anticoagulant per diem of the provider on these days'
        when situation = 'therapy' then 'a TPN or hydration per diem of the provider on these days'
        when situation = 'no per diem' then 'no per diem of the provider on these days that includes it'
        when situation = 'epoprostenol_diluent' then 'the diluent of a drug whose per diem includes it'
        when situation = 'sterile_fluid' then 'sterile water or saline that the infusion per diem includes'
        when situation = 'heparin' then 'heparin beside an infusion per diem that includes it as a flush'
        else 'a flush or diluent, billed as a drug, that the infusion per diem includes'
    end as reason,
    case when outcome <> 'pass' then per_diem_claim_id end as related_claim_id,
    case when outcome <> 'pass' then per_diem_line_number end as related_claim_line_number
from answers
