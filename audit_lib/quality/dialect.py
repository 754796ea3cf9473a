"""How Great Expectations reaches the run's own DuckDB connection: a SQLAlchemy dialect, read-only in what it does.

Great Expectations does not support DuckDB. It fetches rows after the connection went back to its pool, and
duckdb-engine shares one cursor, so that the rollback on return would drop the result that is still to be fetched: here
begin, commit and rollback do nothing. Great Expectations chooses its SQL by the dialect's name; under `postgresql` it
writes regular expressions and types that DuckDB understands. `tests/test_expectation_types.py` holds every expectation
type in use against counts made by hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import duckdb
import duckdb_engine
import sqlalchemy as sa
from sqlalchemy.dialects import registry

_TYPES = {
    "BOOLEAN": sa.BOOLEAN, "TINYINT": sa.SMALLINT, "SMALLINT": sa.SMALLINT, "INTEGER": sa.INTEGER, "BIGINT": sa.BIGINT,
    "FLOAT": sa.FLOAT, "DOUBLE": sa.FLOAT, "VARCHAR": sa.VARCHAR, "DATE": sa.DATE, "TIMESTAMP": sa.TIMESTAMP,
}  # fmt: skip
CONNECTION_STRING = "duckdb+audit:///:memory:"  # the connection itself comes from `share`


class OtherType(sa.types.UserDefinedType[Any]):
    """A DuckDB type that SQLAlchemy has no name for; it only needs to be shown."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **_: Any) -> str:
        """Return the type as DuckDB writes it."""
        return self.name


class AuditDialect(duckdb_engine.Dialect):
    """DuckDB for counting: no transactions, columns read from DuckDB's own catalogue."""

    name = "postgresql"
    driver = "audit"
    supports_statement_cache = False

    def do_begin(self, dbapi_connection: Any) -> None:
        """Begin nothing: the connection is the run's own."""

    def do_commit(self, dbapi_connection: Any) -> None:
        """Commit nothing: nothing is written."""

    def do_rollback(self, dbapi_connection: Any) -> None:
        """Keep the result that is still to be fetched."""

    def get_columns(self, connection: Any, table_name: str, schema: str | None = None, **_: Any) -> list[Any]:
        """Return the columns of a table or view, also of one with types that SQLAlchemy does not know."""
        query = (
            "select column_name, data_type, is_nullable from duckdb_columns() "
            "where table_name = $1 and schema_name = coalesce($2, schema_name) order by column_index"
        )
        rows = connection.exec_driver_sql(query, (table_name, schema)).fetchall()
        if not rows:
            raise sa.exc.NoSuchTableError(table_name)
        plain = {"default": None, "autoincrement": False, "comment": None}
        return [{"name": name, "type": _type(of), "nullable": bool(null), **plain} for name, of, null in rows]

    def get_multi_columns(
        self, connection: Any, schema: str | None = None, filter_names: Any = None, *_: Any, **__: Any
    ) -> list[Any]:
        """Return the columns of several tables."""
        return [((schema, name), self.get_columns(connection, name, schema)) for name in filter_names or []]

    def get_pk_constraint(self, connection: Any, table_name: str, schema: str | None = None, **_: Any) -> Any:
        """Return that there is no primary key."""
        return {"constrained_columns": [], "name": None}

    def get_multi_pk_constraint(
        self, connection: Any, schema: str | None = None, filter_names: Any = None, *_: Any, **__: Any
    ) -> list[Any]:
        """Return that no table has a primary key."""
        return [((schema, name), self.get_pk_constraint(connection, name)) for name in filter_names or []]


class _SharedConnection(duckdb_engine.ConnectionWrapper):
    """The run's connection, which stays open when SQLAlchemy lets go of it."""

    def close(self) -> None:
        """Leave the connection open."""
        self.closed = True


def share(connection: duckdb.DuckDBPyConnection) -> Callable[[], Any]:
    """Return what gives SQLAlchemy the run's own connection, tables, views, memory limit and all."""
    return lambda: _SharedConnection(connection)


def _type(name: str) -> Any:
    if decimal := re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", name):
        return sa.NUMERIC(int(decimal[1]), int(decimal[2]))
    return _TYPES[name]() if name in _TYPES else OtherType(name)


registry.register("duckdb.audit", __name__, "AuditDialect")
