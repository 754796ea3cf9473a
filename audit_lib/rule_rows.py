"""What the rules answered, gathered in `rule_rows` and checked before anything rests on it."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from audit_lib.engines import Engine
from audit_lib.errors import BAD_RULE, AuditError
from audit_lib.pipeline import Step
from audit_lib.rules import RESULT_COLUMNS, Rule
from audit_lib.words import count

_TYPES = {
    "rule": "varchar", "claim_id": "varchar", "claim_line_number": "bigint", "outcome": "varchar",
    "amount": "decimal(18, 2)", "reason": "varchar", "related_claim_id": "varchar",
    "related_claim_line_number": "bigint",
}  # fmt: skip

# Answers that would spoil the totals: of unknown kind, above what was paid, of one line twice.
_PROBLEMS = Step(
    "rule_row_problems",
    """
    with answers as (
        select
            rule_rows.rule,
            case
                when claim_lines.claim_id is null then 'a line that it was not given'
                when rule_rows.outcome is null or rule_rows.outcome not in (
                    'overpayment', 'review', 'pass', 'excepted', 'not_evaluable', 'not_in_force'
                ) then 'an outcome that is none of the six'
                when rule_rows.reason is null then 'no reason'
                when rule_rows.outcome in ('overpayment', 'review')
                    and (rule_rows.amount between 0 and greatest(claim_lines.paid_amount, 0)) is not true
                    then 'an amount below 0 or above what was paid'
            end as problem
        from rule_rows
        left join claim_lines
            on rule_rows.claim_id = claim_lines.claim_id
            and rule_rows.claim_line_number = claim_lines.claim_line_number
    ),

    repeated_answers as (
        select rule, count(*) as row_count
        from rule_rows
        group by rule, claim_id, claim_line_number
        having count(*) > 1
    )

    select rule, problem, count(*) as row_count from answers where problem is not null group by rule, problem
    union all
    select rule, 'one line more than once' as problem, cast(sum(row_count) as bigint) as row_count
    from repeated_answers group by rule
    """,
    frozenset({"rule_rows", "claim_lines"}),
)


def rule_rows_step(rules: Sequence[Rule]) -> Step:
    """Return the step that gathers what the rules returned: one row per rule and line considered."""
    nothing = ", ".join(f"cast(null as {kind}) as {column}" for column, kind in _TYPES.items())
    answers = ", ".join(f"cast({column} as {kind}) as {column}" for column, kind in _TYPES.items() if column != "rule")
    # Rule names are file stems that the loader has checked.
    selects = [f"select '{rule.name}' as rule, {answers}\nfrom {rule.name}" for rule in rules]
    query = "\nunion all\n".join(selects) or f"select {nothing} where false"
    comment = "-- Large: what every rule returned, one row per rule and line considered.\n"
    return Step("rule_rows", comment + query, frozenset(rule.name for rule in rules))


def gathering_steps(rules: Sequence[Rule]) -> list[Step]:
    """Return the steps that gather what the rules returned and look for what they must not return."""
    return [rule_rows_step(rules), _PROBLEMS]


def collect_rule_rows(connection: duckdb.DuckDBPyConnection, engine: Engine, rules: Sequence[Rule]) -> None:
    """Create `rule_rows` from what the rules returned; `claim_lines` and the rules must have been performed.

    Raises AuditError (10) for a rule that returned what it must not.
    """
    for rule in rules:
        found = engine.columns(rule.name)
        if found != RESULT_COLUMNS:
            raise AuditError(
                BAD_RULE,
                f"The rule {rule.name} must return {', '.join(RESULT_COLUMNS)}, not {', '.join(found)}.",
            )
    engine.run(gathering_steps(rules))
    engine.fetch([_PROBLEMS.name])
    problems = connection.table(_PROBLEMS.name).order("rule, problem").fetchall()
    if problems:
        found = [f"{rule}: {problem} ({count(number, 'row')})" for rule, problem, number in problems]
        raise AuditError(
            BAD_RULE, f"Rules returned what they must not. {'; '.join(found)}. Correct their SQL and run again."
        )
