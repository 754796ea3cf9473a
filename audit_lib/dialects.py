"""The SQL of rules in other dialects: one rule, or every step from staging to exposure as one script."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from pathlib import Path

import sqlglot

from audit_lib.pipeline import Step, load_steps, ordered
from audit_lib.resources import folder
from audit_lib.rule_rows import rule_rows_step
from audit_lib.rules import Rule, load_rules
from audit_lib.spark.translation import with_duckdbs_meaning

HOME = "duckdb"
# Dialects whose SQL the tests run, not only translate.
EXECUTED = frozenset({HOME, "spark"})

_CLAIMS = frozenset({"typed_rows"})
_RUN_LABEL = (
    "-- {dialect}: sqlglot translated this from DuckDB. `run --engine {dialect}` runs it, and the tests hold it\n"
    "-- to DuckDB's answers in every case of every rule.\n"
)
_LABEL = (
    "-- {dialect}: translated, not executed. sqlglot translated this from DuckDB; no test of the project runs it.\n"
    "-- Compare its findings with those of a DuckDB run before you rely on it.\n"
)


@dataclass(frozen=True)
class Translation:
    """One select in another dialect, and what of it sqlglot could not translate."""

    sql: str
    problems: list[str]


def translate(sql: str, dialect: str) -> Translation:
    """Translate one select of the project; DuckDB's stays as its author wrote it."""
    if dialect == HOME:
        return Translation(sql.strip(), [])
    generator = sqlglot.Dialect.get_or_raise(dialect).generator(
        pretty=True, unsupported_level=sqlglot.ErrorLevel.IGNORE
    )
    tree = sqlglot.parse_one(sql, read=HOME)
    translated = generator.generate(with_duckdbs_meaning(tree) if dialect in EXECUTED else tree)
    return Translation(translated, list(dict.fromkeys(generator.unsupported_messages)))


def rule_sql(rule: Rule, dialect: str) -> str:
    """Return one rule's select, labelled where nobody ran it."""
    return f"{_label(dialect)}{_commented(translate(rule.sql, dialect))}\n"


def script(dialect: str) -> str:
    """Return every step from staging to exposure as statements in the order in which they run."""
    root = folder("sql")
    rules = load_rules()
    steps = load_steps(root / "staging", root / "facts", *{rule.path.parent for rule in rules}, root / "exposure")
    steps["rule_rows"] = rule_rows_step(rules)
    wanted = [path.stem for part in ("staging", "exposure") for path in sorted((root / part).glob("*.sql"))]
    in_order = ordered(steps, wanted)
    statements = [
        f"create {step.kind} {step.name} as\n{_commented(translate(step.sql, dialect))};\n" for step in in_order
    ]
    return "\n".join([_label(dialect) + _inputs(in_order, root), *statements])


def _label(dialect: str) -> str:
    if dialect == HOME:
        return ""
    return (_RUN_LABEL if dialect in EXECUTED else _LABEL).format(dialect=dialect)


def _commented(translation: Translation) -> str:
    problems = [f"-- Not translated: {problem}\n" for problem in translation.problems]
    return "".join(problems) + translation.sql


def _inputs(steps: list[Step], root: Path) -> str:
    """Say which tables the script reads and does not make."""
    lists = {path.stem for path in (root / "code_sets").glob("*.csv")}
    read = {table for step in steps for table in step.reads} - {step.name for step in steps}
    kinds = {
        "the claims, in the contract's types": read & _CLAIMS,
        "the rules' metadata and a run's settings": read - lists - _CLAIMS,
        "the files of sql/code_sets, an empty valid_from or valid_to the first or last day of the calendar": read
        & lists,
    }
    lines = [f"{len(steps)} tables, in the order in which they are made. These must be there first:"]
    lines += [f"* {', '.join(sorted(names))}: {what}" for what, names in kinds.items()]
    return "".join(f"{textwrap.fill(line, 118, initial_indent='-- ', subsequent_indent='--   ')}\n" for line in lines)
