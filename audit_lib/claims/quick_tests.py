"""Quick tests: most text of a CSV file is written as it is meant; a cheap test tells, and only the rest is cleaned.

`kinds.yml` says which text is (`quick`), and what it stands for where that is not the text itself (`quick_value`).
"""

from __future__ import annotations

from functools import cache

import sqlglot
from sqlglot import exp

from audit_lib.claims.layouts import Column, Reading, kinds

# Marks for nothing that stand in a column of text; a layout can name more.
NULL_MARKS = ("NULL", "null", "\\N", "NaN", "nan", "None", "N/A", "n/a", "#N/A", "<NA>", ".")
_TIDY = "regexp_full_match(value, '[!-<>-~]([ -~]*[!-~])?')"


def quick_columns(columns: list[Column], types: dict[str, str]) -> list[Column]:
    """Return the columns whose values are tested: all of text."""
    return [column for column in columns if types[column.name] == "VARCHAR"]


def with_tests(query: exp.Select, quick: list[Column], reading: Reading) -> tuple[exp.Select, list[str]]:
    """Add to a query what each text gives as its type, and whether it is meant as it stands; return the names added."""
    if not quick:
        return query, []
    typed = [c for c in quick if kinds()[c.kind]["type"] != "varchar"]
    attempts = [exp.alias_(_attempt(c), f"direct_{c.name}", quoted=True, copy=False) for c in typed]
    attempted = exp.select("*", *attempts).from_(query.subquery("unpacked", copy=False))
    tests = [exp.alias_(_test(c, reading), f"is_quick_{c.name}", quoted=True, copy=False) for c in quick]
    names = [*(f"direct_{c.name}" for c in typed), *(f"is_quick_{c.name}" for c in quick)]
    return exp.select("*", *tests).from_(attempted.subquery("attempted", copy=False)), names


def _attempt(column: Column) -> exp.Expr:
    to = exp.DataType.build(kinds()[column.kind]["type"], "duckdb")
    return exp.TryCast(this=exp.column(column.name, quoted=True), to=to)


def _test(column: Column, reading: Reading) -> exp.Expr:
    """Return whether a text is meant as it stands; true where there is none."""
    kind, value = kinds()[column.kind], exp.column(column.name, quoted=True)
    if kind["type"] == "date" and reading.date_format:  # which may turn day and month around
        return exp.Is(this=value, expression=exp.Null())
    test = filled(kind["quick"], value, _direct(column))
    for mark in reading.null_values:
        test = exp.and_(test, exp.NEQ(this=value.copy(), expression=exp.Literal.string(mark)), copy=False)
    return exp.func("coalesce", test, exp.true())


def cleaned(column: Column, reading: Reading, otherwise: exp.Expr) -> exp.Expr:
    """Return a text as it is where it has no blank around it and is no mark for nothing, and else what cleans it."""
    value = exp.column(column.name, quoted=True)
    marks = dict.fromkeys((*NULL_MARKS, *reading.null_values))
    unlike = [exp.NEQ(this=value.copy(), expression=exp.Literal.string(mark)) for mark in marks]
    is_tidy = exp.and_(filled(_TIDY, value), *unlike, copy=False)
    ifs = [exp.If(this=_is_quick(column), true=value), exp.If(this=is_tidy, true=value.copy())]
    return exp.Case(ifs=ifs, default=otherwise)


def answer(column: Column, otherwise: exp.Expr) -> exp.Expr:
    """Return what a text stands for that is meant as it stands, and `otherwise` for any other."""
    kind = kinds()[column.kind]
    value = exp.column(column.name, quoted=True) if kind["type"] == "varchar" else _direct(column)
    given = filled(kind.get("quick_value", "value"), value)
    return exp.Case(ifs=[exp.If(this=_is_quick(column), true=given)], default=otherwise)


def unless_quick(column: Column, test: exp.Expr) -> exp.Expr:
    """Return a test that need not be made of a text that is meant as it stands."""
    return exp.Case(ifs=[exp.If(this=_is_quick(column), true=exp.false())], default=test)


def _is_quick(column: Column) -> exp.Expr:
    return exp.column(f"is_quick_{column.name}", quoted=True)


def _direct(column: Column) -> exp.Expr:
    return exp.column(f"direct_{column.name}", quoted=True)


def filled(text: str, value: exp.Expr, direct: exp.Expr | None = None) -> exp.Expr:
    """Return an expression of `kinds.yml` over a value, and over what its type makes of it (`direct`)."""
    given = {"value": value, "direct": direct}
    return _parsed(text).transform(
        lambda node: (
            there.copy()
            if isinstance(node, exp.Column) and not node.table and (there := given.get(node.name)) is not None
            else node
        )
    )


@cache
def _parsed(text: str) -> exp.Expr:
    return sqlglot.parse_one(text, read="duckdb")
