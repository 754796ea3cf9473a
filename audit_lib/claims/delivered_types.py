"""The types in which columns are delivered."""

from __future__ import annotations

import duckdb
from sqlglot import exp


def delivered_types(connection: duckdb.DuckDBPyConnection, source: exp.Select) -> dict[str, str]:
    """Return the columns of a select, each with DuckDB's name of its type; no row is read."""
    return {str(row[0]): str(row[1]) for row in connection.execute(f"describe {source.sql('duckdb')}").fetchall()}
