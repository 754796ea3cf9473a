-- How each rule of this run stands with the plan's reviewers: the file `rule_standing.parquet`.
--
-- Precision is upheld of decided (upheld and overturned); a finding counts once, with its last verdict. Its interval is
-- Wilson's score interval at 95 % (E. B. Wilson, JASA 22, 1927; recommended for small numbers by Brown, Cai, DasGupta,
-- Statistical Science 16, 2001): with p = k/n and z = 1.959964,
-- (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n).
--
-- A rule is accepted at its present version when, of findings and of passes each, at least 30 lines (or all there were,
-- in the runs that were sampled and in this one) were judged and the reviewers agreed with at least nine in ten of
-- them: a trial on few lines accepts no rule for many. A rule of which no line was judged is not accepted.
with last_verdicts as (
    select
        rule, rule_version, stratum, stratum_size, is_agreed,
        row_number() over (
            partition by rule, rule_version, claim_id, claim_line_number, stratum
            order by verdict_date desc, verdict_number desc
        ) as place
    from verdicts
),

-- What a sample would draw from in this run: its findings, and the lines that the rule passed.
present_strata as (
    select rule, 'finding' as stratum, count(*) as present_count from finding_status
    where is_seen
    group by rule
    union all
    select rule, 'pass' as stratum, count(*) as present_count from line_outcomes
    where outcome = 'pass'
    group by rule
),

strata as (
    select
        last_verdicts.rule, last_verdicts.rule_version, last_verdicts.stratum,
        count(*) as judged_count,
        count(*) filter (where last_verdicts.is_agreed) as agreed_count,
        count(*) >= least(
            30, greatest(max(last_verdicts.stratum_size), coalesce(max(present_strata.present_count), 0))
        )
        and 10 * count(*) filter (where last_verdicts.is_agreed) >= 9 * count(*) as is_accepted
    from last_verdicts
    left join present_strata
        on last_verdicts.rule = present_strata.rule and last_verdicts.stratum = present_strata.stratum
    where last_verdicts.place = 1
    group by last_verdicts.rule, last_verdicts.rule_version, last_verdicts.stratum
),

validations as (
    select
        rule, rule_version,
        cast(sum(judged_count) filter (where stratum = 'finding') as bigint) as judged_finding_count,
        cast(sum(agreed_count) filter (where stratum = 'finding') as bigint) as agreed_finding_count,
        cast(sum(judged_count) filter (where stratum = 'pass') as bigint) as judged_pass_count,
        cast(sum(agreed_count) filter (where stratum = 'pass') as bigint) as agreed_pass_count,
        coalesce(bool_or(is_accepted) filter (where stratum = 'finding'), false) as is_accepted_on_findings,
        coalesce(bool_and(is_accepted) filter (where stratum = 'pass'), false) as is_accepted_on_passes
    from strata
    group by rule, rule_version
),

decisions as (
    select
        rule,
        count(*) filter (where verdict = 'upheld') as upheld_count,
        count(*) filter (where verdict = 'overturned') as overturned_count,
        count(*) as decided_count,
        count(*) filter (where verdict_rule_version = rule_version) as decided_at_this_version_count
    from finding_status
    where verdict is not null and heir_finding_id is null
    group by rule
),

shares as (
    select *, upheld_count / decided_count as share, 1.959964 as z from decisions
)

select
    run_rules.rule, run_rules.rule_version,
    coalesce(validations.is_accepted_on_findings, false)
    and (coalesce(validations.is_accepted_on_passes, false) or passes.rule is null) as is_validated,
    coalesce(validations.judged_finding_count, 0) as judged_finding_count,
    coalesce(validations.agreed_finding_count, 0) as agreed_finding_count,
    coalesce(validations.judged_pass_count, 0) as judged_pass_count,
    coalesce(validations.agreed_pass_count, 0) as agreed_pass_count,
    coalesce(shares.upheld_count, 0) as upheld_count,
    coalesce(shares.overturned_count, 0) as overturned_count,
    coalesce(shares.decided_count, 0) as decided_count,
    coalesce(shares.decided_at_this_version_count, 0) as decided_at_this_version_count,
    shares.share as precision_share,
    (
        shares.share + z * z / (2 * shares.decided_count)
        - z * sqrt(
            shares.share * (1 - shares.share) / shares.decided_count
            + z * z / (4 * shares.decided_count * shares.decided_count)
        )
    ) / (1 + z * z / shares.decided_count) as precision_low,
    (
        shares.share + z * z / (2 * shares.decided_count)
        + z * sqrt(
            shares.share * (1 - shares.share) / shares.decided_count
            + z * z / (4 * shares.decided_count * shares.decided_count)
        )
    ) / (1 + z * z / shares.decided_count) as precision_high
from run_rules
left join validations on run_rules.rule = validations.rule and run_rules.rule_version = validations.rule_version
-- A rule whose run has no pass to judge is judged on its findings alone.
left join present_strata as passes on run_rules.rule = passes.rule and passes.stratum = 'pass'
left join shares on run_rules.rule = shares.rule
