"""What the rule's own SQL says of each line asked for: its answer again, the row that judged it, what it tried."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb
import sqlglot
from sqlglot import exp

from audit_lib.claims.sql_values import case_labels
from audit_lib.errors import BAD_RULE, AuditError
from audit_lib.evidence.scratch import Scratch
from audit_lib.rules import AmountSteps, EvidenceView, Rule, TriedException

_KEYS = ("claim_id", "claim_line_number")
_SITUATION = "situation"


@dataclass(frozen=True)
class Verdict:
    """A rule's answer on a line, performed again.

    `row`: the columns of the row that judged it, the line's own columns beside them. `tried`: each question with its
    answer, in the order in which the rule asks. `steps`: how the amount comes about, with `part` and `whole`.
    """

    outcome: str
    amount: Decimal
    row: dict[str, Any]
    tried: list[tuple[TriedException, bool]]
    steps: AmountSteps
    part: int
    whole: int


def verdicts(scratch: Scratch) -> dict[str, Verdict]:
    """Return the verdict of every finding whose rule says how its evidence is read, by finding id."""
    found: dict[str, Verdict] = {}
    for (name,) in scratch.connection.execute("select distinct rule from asked_findings order by rule").fetchall():
        if rule := scratch.rules.get(name):
            for view in rule.metadata.evidence:
                found |= _of_view(scratch, rule, view)
    return found


def _of_view(scratch: Scratch, rule: Rule, view: EvidenceView) -> dict[str, Verdict]:
    labels = case_labels(rule.sql, _SITUATION)
    verdicts_found = {}
    for row in _judged(scratch, rule, view):
        applies = [row.pop(f"if_amount_{i}") for i in range(len(view.amounts))]
        parts = [(row.pop(f"part_{i}"), row.pop(f"whole_{i}")) for i in range(len(view.amounts))]
        answers = [row.pop(f"if_tried_{i}") for i in range(len(view.tried))]
        if not any(applies):
            continue
        place = applies.index(True)
        verdicts_found[str(row["finding_id"])] = Verdict(
            outcome=row.pop("answer_outcome"), amount=row.pop("answer_amount"), row=row,
            tried=_tried(view.tried, answers, labels, str(row.get(_SITUATION))),
            steps=view.amounts[place], part=parts[place][0], whole=parts[place][1],
        )  # fmt: skip
    return verdicts_found


def _judged(scratch: Scratch, rule: Rule, view: EvidenceView) -> list[dict[str, Any]]:
    """Return the rows that judged the rule's findings. Raises AuditError (10) where its `evidence` does not fit."""
    try:
        return scratch.rows(view_query(scratch, rule, view).sql("duckdb"))
    except (duckdb.BinderException, duckdb.CatalogException, sqlglot.errors.SqlglotError) as error:
        detail = str(error).splitlines()[0]
        raise AuditError(BAD_RULE, f"The key evidence in {rule.path.name} does not fit the SQL: {detail}.") from error


def _tried(
    questions: list[TriedException], answers: list[bool], labels: list[str], situation: str
) -> list[tuple[TriedException, bool]]:
    """Pair each question with its answer; what the SQL did not come to ask is left out."""
    reached = labels.index(situation) if situation in labels else len(labels)
    asked = []
    for question, answer in zip(questions, answers, strict=True):
        if question.case is None:
            asked.append((question, answer))
        elif labels.index(question.case) <= reached:
            asked.append((question, question.case == situation))
    return asked


def view_query(scratch: Scratch, rule: Rule, view: EvidenceView) -> exp.Select:
    """Return the select of the rows that judged the findings of a rule, with the view's expressions worked out.

    Columns of the named selections come first; those of the line fill in what they lack.
    """
    rows = exp.select(exp.column("finding_id", "asked")).from_(exp.alias_(exp.to_table("asked_findings"), "asked"))
    rows = rows.where(exp.column("rule", "asked").eq(rule.name))
    rows = _with_source(rows, exp.to_table(rule.name), "answer", None)
    seen = {"finding_id"}
    rows = rows.select(
        exp.alias_(exp.column("outcome", "answer"), "answer_outcome"),
        exp.alias_(exp.column("amount", "answer"), "answer_amount"),
    )
    sources = [(exp.table_(name, db=rule.name), name, where) for name, where in view.rows.items()]
    is_first = True
    for table, name, where in [*sources, (exp.to_table("claim_lines"), "claim_lines", None)]:
        rows = _with_source(rows, table, f"of_{name}", where, "inner" if is_first else "left")
        columns = [column for column in _columns(scratch, table) if column not in seen]
        rows = rows.select(*(exp.column(column, f"of_{name}") for column in columns))
        seen |= set(columns)
        is_first = False
    return exp.select("*", *_expressions(view)).from_(rows.subquery("judged"))


def _with_source(rows: exp.Select, table: exp.Table, alias: str, where: str | None, kind: str = "inner") -> exp.Select:
    source = exp.select("*").from_(table)
    if where:
        source = source.where(exp.condition(where, dialect="duckdb"))
    keys = exp.and_(*(exp.column(key, "asked").eq(exp.column(key, alias)) for key in _KEYS))
    return rows.join(source.subquery(alias), on=keys, join_type=kind)


def _columns(scratch: Scratch, table: exp.Table) -> list[str]:
    return scratch.connection.sql(exp.select("*").from_(table).sql("duckdb")).columns


def _expressions(view: EvidenceView) -> list[exp.Expr]:
    named: list[tuple[str, exp.Expr]] = []
    for i, steps in enumerate(view.amounts):
        named += [(f"if_amount_{i}", _holds(steps.condition, True))]
        named += [(f"part_{i}", _number(steps.part)), (f"whole_{i}", _number(steps.whole))]
    named += [(f"if_tried_{i}", _holds(question.condition, False)) for i, question in enumerate(view.tried)]
    return [exp.alias_(value, name) for name, value in named]


def _holds(condition: str | None, otherwise: bool) -> exp.Expr:
    if condition is None:
        return exp.convert(otherwise)
    return exp.Coalesce(this=exp.condition(condition, dialect="duckdb"), expressions=[exp.false()])


def _number(expression: str | None) -> exp.Expr:
    return exp.cast(exp.condition(expression or "1", dialect="duckdb"), "bigint")
