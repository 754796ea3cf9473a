"""Small tables between Python and DuckDB: dictionaries made a table, and rows as dictionaries, for JSON too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa


def create_table(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    types: Mapping[str, pa.DataType],
    rows: Sequence[Mapping[str, Any]],
) -> None:
    """Create the table `name` with the columns `types`; null where a row lacks one, and what else it has is left out.

    Types are stated, so that a table without rows, or of nulls alone, has those that SQL expects.
    """
    connection.from_arrow(pa.Table.from_pylist(rows, schema=pa.schema(types))).create(name)


def as_dicts(answer: duckdb.DuckDBPyConnection | duckdb.DuckDBPyRelation) -> list[dict[str, Any]]:
    """Return all rows of what was executed, or of a relation, each by its columns' names."""
    names = [str(column[0]) for column in answer.description or []]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def json_rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """Return the rows of a query by their columns' names, each value as JSON holds it."""
    rows = as_dicts(connection.execute(query))
    return [{name: json_value(value) for name, value in row.items()} for row in rows]


def json_value(value: Any) -> Any:
    """Return a value as JSON holds it: amounts as text, so that no reader takes them for binary fractions."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value
