"""Columns of identifiers in which every value stands for itself: found out once, they are read as they are."""

from __future__ import annotations

import duckdb
from sqlglot import exp

from audit_lib.claims.layouts import Column, Reading, contract_columns, kinds


def plain_columns(
    connection: duckdb.DuckDBPyConnection, source: exp.Select, bound: dict[str, exp.Expr | None], reading: Reading
) -> frozenset[str]:
    """Return the identifier columns without a value that needs cleaning, in one pass over the source.

    A column that a layout's expression computes is never among them, and none is where the layout names marks of its
    own for "no value".
    """
    asked = [] if reading.null_values else _delivered_identifiers(connection, source, bound)
    if not asked:
        return frozenset()
    tests = [exp.func("coalesce", exp.func("bool_and", is_plain(column)), exp.true()) for column, _ in asked]
    values = [exp.alias_(value, column.name, quoted=True) for column, value in asked]
    query = exp.select(*tests).from_(exp.select(*values).from_(source.subquery("source")).subquery("mapped"))
    answers = connection.execute(query.sql("duckdb")).fetchall()[0]
    return frozenset(column.name for (column, _), answer in zip(asked, answers, strict=True) if answer)


def is_plain(column: Column) -> exp.Expr:
    """Return the test of one value: its kind's pattern for what needs no cleaning."""
    value = exp.column(column.name, quoted=True)
    pattern = exp.Literal.string(kinds()[column.kind]["plain"])
    return exp.Anonymous(this="regexp_full_match", expressions=[value, pattern])


def _delivered_identifiers(
    connection: duckdb.DuckDBPyConnection, source: exp.Select, bound: dict[str, exp.Expr | None]
) -> list[tuple[Column, exp.Column]]:
    types = {str(row[0]): str(row[1]) for row in connection.execute(f"describe {source.sql('duckdb')}").fetchall()}
    return [
        (column, mapping)
        for column in contract_columns()
        if "plain" in kinds()[column.kind]
        and isinstance(mapping := bound[column.name], exp.Column)
        and types[mapping.name] == "VARCHAR"
    ]
