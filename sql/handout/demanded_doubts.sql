-- One row per provider and kind of what the claims say against lines that are demanded of it: the lines, and their
-- dollars. Kind `any` counts each line once. What was assumed for missing fields is left out: the run counts that.
with doubted_lines as (
    select distinct
        credited_demands.provider_id, credited_demands.finding_id, credited_demands.part_amount,
        evidence_doubts.doubt as kind
    from credited_demands
    inner join evidence_doubts on credited_demands.finding_id = evidence_doubts.finding_id
    where credited_demands.part = 'demanded' and evidence_doubts.doubt <> 'assumption'
),

kinds as (
    select provider_id, finding_id, part_amount, kind from doubted_lines
    union
    select provider_id, finding_id, part_amount, 'any' as kind from doubted_lines
)

select
    provider_id, kind, count(*) as line_count, cast(sum(part_amount) as decimal(18, 2)) as amount
from kinds
group by provider_id, kind
