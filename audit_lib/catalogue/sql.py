"""Checks of the SQL of rules and of what they rest on."""

from __future__ import annotations

import re
from collections.abc import Iterator

import sqlglot
from sqlglot import exp

from audit_lib.catalogue.contents import Catalogue, of_rule, of_step
from audit_lib.rules import RESULT_COLUMNS
from audit_lib.spark.losses import losses

OUTCOMES = {"overpayment", "review", "pass", "excepted", "not_evaluable"}
MAX_LINES = 110

_CODE_PATTERNS = {"procedure", "procedure_or_revenue", "hcpcs", "per_diem", "modifier", "place_of_service",
                  "bill_type_prefix", "diagnosis_prefix", "ndc"}  # fmt: skip
_LIKE_A_CODE = re.compile(r"[A-Z][0-9]{2,4}|[0-9]{5}")


def results_have_the_agreed_columns(catalogue: Catalogue) -> Iterator[str]:
    """Rules return the agreed columns in their order, and outcomes that are known."""
    for rule in catalogue.rules:
        columns = catalogue.queries[rule.name].named_selects
        if columns != RESULT_COLUMNS:
            yield of_rule(rule, f"returns {', '.join(columns)} instead of {', '.join(RESULT_COLUMNS)}")
        for value in sorted(catalogue.tables.values(rule.name, "outcome") - OUTCOMES, key=str):
            what = "an outcome that the SQL does not spell out" if value is None else f"the outcome {value}"
            yield of_rule(rule, f"can give {what}; outcomes are {', '.join(sorted(OUTCOMES))}")


def rules_read_only_what_they_may(catalogue: Catalogue) -> Iterator[str]:
    """Rules and facts read claim lines, facts, code lists and settings: never a rule, nothing to the right of them."""
    allowed = {"claim_lines", "settings", *catalogue.facts, *catalogue.lists.lists}
    for name in _rules_and_facts(catalogue):
        yield from (of_step(catalogue, name, f"reads {table}") for table in sorted(catalogue.reads(name) - allowed))
        if catalogue.queries[name].find(exp.Parameter, exp.Placeholder):
            yield of_step(catalogue, name, "has a bound parameter; settings are a table to join")


def code_sets_are_those_used(catalogue: Catalogue) -> Iterator[str]:
    """`code_sets` lists what the SQL of the rule and of the facts below it names.

    Facts that only gather codes decide nothing and are passed over; the lists of `claim_lines` may be listed.
    """
    tolerated = catalogue.reads("claim_lines") | catalogue.reads("completed_rows")
    for rule in catalogue.rules:
        listed, named = set(rule.metadata.code_sets), _lists_named(catalogue, rule.name)
        for name in sorted(listed - named - tolerated):
            is_list = name in catalogue.lists.lists
            what = "which neither its SQL nor a fact of it names" if is_list else "which is no code list"
            yield of_rule(rule, f"code_sets lists {name}, {what}")
        for name in sorted(named - listed):
            yield of_rule(rule, f"code_sets lacks {name}, which its SQL or a fact of it names")


def _lists_named(catalogue: Catalogue, rule: str) -> set[str]:
    trees = [catalogue.queries[step] for step in catalogue.rests_on(rule)]
    deciding = [tree for tree in trees if tree.named_selects != ["code"]]
    asked = {
        literal.name
        for tree in deciding
        for equal in tree.find_all(exp.EQ)
        if isinstance(equal.this, exp.Column) and equal.this.name == "list_name"
        for literal in equal.find_all(exp.Literal)
    }
    return {name for tree in deciding for name in _tables_asked(tree, asked)} & set(catalogue.lists.lists)


def _tables_asked(tree: exp.Query, asked: set[str]) -> set[str]:
    """Return the tables of a step but for the branches that carry the products of a list nobody asks for."""
    left_out: set[int] = set()
    for select in tree.find_all(exp.Select):
        labels = [p.this.name for p in select.selects if p.alias == "list_name" and isinstance(p.this, exp.Literal)]
        if labels and asked and labels[0] not in asked:
            left_out |= {id(table) for table in select.find_all(exp.Table)}
    return {table.name for table in tree.find_all(exp.Table) if id(table) not in left_out}


def codes_stand_in_code_lists(catalogue: Catalogue) -> Iterator[str]:
    """No text in the SQL of rules and facts is a code that a list holds, or looks like a procedure code."""
    held = _codes_held(catalogue)
    for name in _rules_and_facts(catalogue):
        texts = {text.name.strip("%^$,") for text in catalogue.queries[name].find_all(exp.Literal) if text.is_string}
        for code in sorted(text for text in texts if text in held or _LIKE_A_CODE.fullmatch(text)):
            where = f", which {held[code]} holds" if code in held else ", which a code list could hold"
            yield of_step(catalogue, name, f"has the code {code} in its SQL{where}")


def _codes_held(catalogue: Catalogue) -> dict[str, str]:
    held: dict[str, str] = {}
    for name in catalogue.lists.lists:
        columns = [c for c, spec in catalogue.lists.columns(name).items() if spec.pattern in _CODE_PATTERNS]
        held.update({row[column]: name for row in catalogue.list_rows(name) for column in columns})
    return held


def money_stays_exact(catalogue: Catalogue) -> Iterator[str]:
    """No cast to a floating number and no `/`, which gives one; shares are whole cents and `//`."""
    for name, tree in catalogue.queries.items():
        if _casts_to_float(tree):
            yield of_step(catalogue, name, "casts to a floating number")
        if tree.find(exp.Div):
            yield of_step(catalogue, name, "divides with /, which gives a floating number; use // on whole cents")


def amounts_shown_stay_exact(catalogue: Catalogue) -> Iterator[str]:
    """No amount that is made of a run's results goes through a floating number; percentages may."""
    for path in sorted({*catalogue.root.rglob("*.sql")} - {*catalogue.paths.values()}):
        tree = sqlglot.parse_one(path.read_text("utf-8"), read="duckdb")
        for column in tree.find_all(exp.Alias):
            if column.alias.endswith("amount") and (_casts_to_float(column) or column.find(exp.Div)):
                where = f"{path.stem} - {path.relative_to(catalogue.root)}"
                yield f"{where} -> {column.alias} is an amount made of a floating number; use // on whole cents"


def _casts_to_float(tree: exp.Expr) -> bool:
    return any(kind.this in exp.DataType.FLOAT_TYPES for kind in tree.find_all(exp.DataType))


def files_are_short(catalogue: Catalogue) -> Iterator[str]:
    """No rule and no fact is so long that it must be doing more than one thing."""
    for name in _rules_and_facts(catalogue):
        count = len(catalogue.paths[name].read_text("utf-8").splitlines())
        if count > MAX_LINES:
            yield of_step(catalogue, name, f"has {count} lines, more than {MAX_LINES}; make a fact of a part")


def steps_mean_the_same_on_spark(catalogue: Catalogue) -> Iterator[str]:
    """No step has what `--engine spark` refuses, and every translation reads as Spark's SQL."""
    for name, tree in catalogue.queries.items():
        for loss in losses(tree):
            yield of_step(catalogue, name, f"{loss}; nobody has shown that Spark gives the same answer")
        try:
            sqlglot.parse_one(tree.sql("spark"), read="spark")
        except sqlglot.errors.SqlglotError as error:
            yield of_step(catalogue, name, f"has no translation to Spark: {str(error).splitlines()[0]}")


def _rules_and_facts(catalogue: Catalogue) -> list[str]:
    return [*(rule.name for rule in catalogue.rules), *sorted(catalogue.facts)]
