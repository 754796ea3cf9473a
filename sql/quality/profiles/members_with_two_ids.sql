-- Lines of claims that name two members, and of members whose id is written in two ways (case, blanks, hyphens,
-- leading zeros), on claims that a rule can use.
with member_lines as (
    select
        member_id, claim_id, count(*) as line_count, sum(paid_amount) as paid_amount,
        ltrim(regexp_replace(upper(member_id), '[^A-Z0-9]', '', 'g'), '0') as member_key
    from audited_rows
    group by member_id, claim_id
),

doubtful_members as (
    select member_key from member_lines
    group by member_key
    having count(distinct member_id) > 1
),

doubtful_claims as (
    select claim_id from member_lines
    group by claim_id
    having count(distinct member_id) > 1
),

doubtful_lines as (
    select member_lines.claim_id, member_lines.line_count, member_lines.paid_amount
    from member_lines
    left join doubtful_members on member_lines.member_key = doubtful_members.member_key
    left join doubtful_claims on member_lines.claim_id = doubtful_claims.claim_id
    where doubtful_members.member_key is not null or doubtful_claims.claim_id is not null
)

select
    cast(coalesce(sum(line_count), 0) as bigint) as line_count, count(distinct claim_id) as claim_count,
    cast(coalesce(sum(paid_amount), 0) as decimal(18, 2)) as paid_amount,
    (select count(*) from audited_rows) as population_count
from doubtful_lines
