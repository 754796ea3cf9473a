"""Columns in which every value stands for itself: found out once, they are read as they are.

Of identifiers the kind's pattern for what needs no cleaning tells it, of dates and amounts in their own type the least
and the most value, which a Parquet file's statistics give.
"""

from __future__ import annotations

from collections.abc import Callable

import duckdb
from sqlglot import exp

from audit_lib.claims.delivered_types import delivered_types
from audit_lib.claims.layouts import Column, Reading, contract_columns, kinds
from audit_lib.claims.meant_values import all_within


def plain_columns(
    connection: duckdb.DuckDBPyConnection, source: exp.Select, bound: dict[str, exp.Expr | None], reading: Reading
) -> frozenset[str]:
    """Return the delivered columns without a value that needs cleaning or cannot be meant.

    A column that a layout's expression computes is never among them; where the layout names marks of its own for "no
    value", none is.
    """
    types = delivered_types(connection, source)
    delivered = [
        (column, mapping, types[mapping.name])
        for column in contract_columns()
        if isinstance(mapping := bound[column.name], exp.Column)
    ]
    identifiers = [] if reading.null_values else [
        (column, value) for column, value, source_type in delivered
        if source_type == "VARCHAR" and "plain" in kinds()[column.kind]
    ]  # fmt: skip
    bounded = [] if reading.null_values else [
        (column, value) for column, value, source_type in delivered
        if "least" in kinds()[column.kind] and source_type == kinds()[column.kind]["type"].upper().replace(" ", "")
    ]  # fmt: skip
    return _passing(connection, source, identifiers, _all_plain) | _passing(connection, source, bounded, all_within)


def is_text(connection: duckdb.DuckDBPyConnection, source: exp.Select, bound: dict[str, exp.Expr | None]) -> bool:
    """Tell whether a date, an amount or a number comes out of text, as all do from CSV."""
    types = delivered_types(connection, source)
    return any(
        types[value.name] == "VARCHAR"
        for column in contract_columns()
        if kinds()[column.kind]["type"] != "varchar" and (mapping := bound[column.name]) is not None
        for value in mapping.find_all(exp.Column)
    )


def _passing(
    connection: duckdb.DuckDBPyConnection,
    source: exp.Select,
    asked: list[tuple[Column, exp.Column]],
    test: Callable[[Column], exp.Expr],
) -> frozenset[str]:
    if not asked:
        return frozenset()
    values = [exp.alias_(value, column.name, quoted=True) for column, value in asked]
    mapped = exp.select(*values).from_(source.subquery("source")).subquery("mapped")
    tests = exp.select(*[exp.func("coalesce", test(column), exp.true()) for column, _ in asked]).from_(mapped)
    answers = connection.execute(tests.sql("duckdb")).fetchall()[0]
    return frozenset(column.name for (column, _), answer in zip(asked, answers, strict=True) if answer)


def _all_plain(column: Column) -> exp.Expr:
    return exp.func("bool_and", is_plain(column))


def is_plain(column: Column) -> exp.Expr:
    """Return the test of one value: its kind's pattern for what needs no cleaning."""
    value = exp.column(column.name, quoted=True)
    pattern = exp.Literal.string(kinds()[column.kind]["plain"])
    return exp.Anonymous(this="regexp_full_match", expressions=[value, pattern])
