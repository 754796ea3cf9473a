with situations as (
    select tpn_lines.*, claim_diagnoses.has_fluid_restriction
    from tpn_lines
    inner join claim_diagnoses on tpn_lines.claim_id = claim_diagnoses.claim_id
    where not tpn_lines.is_away_from_home and tpn_lines.covered_days > 0 and tpn_lines.product_class = 'aa_ge15'
)

select
    claim_id, claim_line_number,
    case when has_fluid_restriction then 'excepted' else 'review' end as outcome,
    case when has_fluid_restriction then 0 else cast(
        cast((paid_cents * covered_days * 2 + day_count) // (2 * day_count) as decimal(20, 0)) * 0.01 as decimal(18, 2)
    ) end as amount,
    case
        when has_fluid_restriction then 'a diagnosis on the claim calls for less fluid'
        else 'concentrated amino acids, and no diagnosis on the claim calls for less fluid'
    end as reason,
    per_diem_claim_id as related_claim_id, per_diem_line_number as related_claim_line_number
from situations
