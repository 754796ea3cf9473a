with listed_lines as (
    select distinct per_diem_lines.claim_id, per_diem_lines.claim_line_number
    from per_diem_lines
    inner join per_diem_conflicts
        on (
            per_diem_lines.hcpcs_code = per_diem_conflicts.code_a
            or per_diem_lines.hcpcs_code = per_diem_conflicts.code_b
        )
        and per_diem_lines.claim_line_start_date between per_diem_conflicts.valid_from and per_diem_conflicts.valid_to
),

conflicts as (
    select
        claim_id, claim_line_number, member_id, outcome, count(*) as conflict_days,
        min(other_line_order) as other_line_order
    from per_diem_conflict_days
    group by claim_id, claim_line_number, member_id, outcome
),

-- An injection per diem on whose claim a flush of heparin, but no drug, overlaps it.
flushed_injections as (
    select
        per_diem_lines.claim_id, per_diem_lines.claim_line_number,
        min(flush_lines.claim_line_number) as flush_line_number
    from per_diem_lines
    inner join per_diem_conflicts
        on per_diem_lines.hcpcs_code = per_diem_conflicts.code_a
        and per_diem_lines.claim_line_start_date between per_diem_conflicts.valid_from and per_diem_conflicts.valid_to
    inner join claim_lines as flush_lines
        on per_diem_lines.claim_id = flush_lines.claim_id
        and per_diem_lines.member_id = flush_lines.member_id
        and per_diem_conflicts.code_b = flush_lines.hcpcs_code
        and per_diem_lines.claim_line_start_date <= flush_lines.claim_line_end_date
        and per_diem_lines.claim_line_end_date >= flush_lines.claim_line_start_date
    left join drug_lines
        on per_diem_lines.claim_id = drug_lines.claim_id
        and per_diem_lines.member_id = drug_lines.member_id
        and per_diem_lines.claim_line_start_date <= drug_lines.claim_line_end_date
        and per_diem_lines.claim_line_end_date >= drug_lines.claim_line_start_date
    where per_diem_conflicts.kind = 'flush_review' and flush_lines.is_allowed and drug_lines.claim_id is null
    group by per_diem_lines.claim_id, per_diem_lines.claim_line_number
),

considered_lines as (
    select
        claim_lines.claim_id, claim_lines.claim_line_number, claim_lines.paid_cents, claim_lines.day_count,
        conflicts.outcome as conflict_outcome, conflicts.member_id, conflicts.other_line_order,
        flushed_injections.flush_line_number,
        case
            when flushed_injections.claim_id is not null then claim_lines.day_count
            else coalesce(conflicts.conflict_days, 0)
        end as found_days
    from listed_lines
    inner join claim_lines
        on listed_lines.claim_id = claim_lines.claim_id
        and listed_lines.claim_line_number = claim_lines.claim_line_number
    left join conflicts
        on listed_lines.claim_id = conflicts.claim_id
        and listed_lines.claim_line_number = conflicts.claim_line_number
    left join flushed_injections
        on listed_lines.claim_id = flushed_injections.claim_id
        and listed_lines.claim_line_number = flushed_injections.claim_line_number
)

select
    considered_lines.claim_id, considered_lines.claim_line_number,
    case
        when considered_lines.flush_line_number is not null then 'review'
        else coalesce(considered_lines.conflict_outcome, 'pass')
    end as outcome,
    cast(cast(
        (considered_lines.paid_cents * considered_lines.found_days * 2 + considered_lines.day_count)
        // (2 * considered_lines.day_count) as decimal(20, 0)
    ) * 0.01 as decimal(18, 2)) as amount,
    case
        when considered_lines.flush_line_number is not null
        then 'an injection per diem beside a heparin flush, and no drug on the claim that shares a day with it'
        when considered_lines.conflict_outcome = 'overpayment'
        then 'days on which the provider billed another code that excludes this one'
        when considered_lines.conflict_outcome = 'review'
        then 'days beside another code of the provider: a change of code on one day, or a pair without a clear text'
        else 'no code that excludes this one on these days'
    end as reason,
    case
        when considered_lines.flush_line_number is not null then considered_lines.claim_id
        else other_lines.claim_id
    end as related_claim_id,
    coalesce(considered_lines.flush_line_number, other_lines.claim_line_number) as related_claim_line_number
from considered_lines
left join per_diem_lines as other_lines
    on considered_lines.member_id = other_lines.member_id
    and considered_lines.other_line_order = other_lines.line_order
