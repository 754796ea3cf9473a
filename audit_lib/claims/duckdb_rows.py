"""Rows of a DuckDB file, or of Postgres through DuckDB's extension: copied as they are into a Parquet file.

The database is opened by a connection of its own that only reads, and that reaches no other file: views and queries in
a file that somebody sent can read that file and nothing else.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import duckdb
from sqlglot import exp

from audit_lib.claims.selection import (
    Selection,
    TableName,
    choose_table,
    damaged,
    failed,
    in_use,
    not_closed,
    not_one_select,
    shown,
)
from audit_lib.database import Options, options, set_plain
from audit_lib.errors import BAD_CLAIMS, RULE_FAILED, AuditError, is_write_failure, no_room, speaks_of_sql
from audit_lib.settings import Settings

# Parquet has no such type: DuckDB would write them as floats that lose digits, or as bytes.
_AS_TEXT = ("HUGEINT", "UHUGEINT", "INTERVAL", "UNION", "BIGNUM", "BIT")
_DAMAGE = (
    duckdb.IOException,
    duckdb.InternalException,
    duckdb.FatalException,
    duckdb.SerializationException,
)
_TABLES = """
    select table_schema, table_name, table_type = 'BASE TABLE' as is_plain
    from information_schema.tables
    where table_catalog = current_database() and table_schema not in ('information_schema', 'pg_catalog')
    order by table_schema, table_name
"""
_NO_POSTGRES = (
    "Claims in Postgres are read through DuckDB's extension postgres, which is not installed for DuckDB {version}, "
    'and nothing is downloaded at run time. Install it once where there is a network (python -c "import duckdb; '
    "duckdb.sql('install postgres')\"), or export the table to Parquet or CSV."
)
_NOT_REACHED = (
    "The Postgres database that --claims names cannot be reached: the server refused, or the address, the user or the "
    "service is not right. Try the same words with psql; a password belongs into ~/.pgpass or a service file."
)


def look(selection: Selection) -> Selection:
    """Return the selection with the table's own name, after a look that it can be read; no row is read yet.

    Raises AuditError: 2 where neither table nor query is named or the query is none, 11 where they cannot be read.
    """
    try:
        with closing(_opened(selection, Settings(threads=1), None)) as connection:
            if selection.kind == "postgres":
                selection = replace(selection, database=_server_name(connection))
            found, query, _ = _query(connection, selection)
            _refuse_repeated_names(found, connection.sql(query).columns)
    except duckdb.Error as error:
        raise _problem(selection, error) from error
    return found


def store_rows(selection: Selection, target: Path, settings: Settings) -> None:
    """Copy the rows into the Parquet file `target`, in the order in which the database gives them.

    Raises AuditError: 11 where they cannot be read, 13 without memory for it, 14 where they cannot be written.
    """
    try:
        with closing(_opened(selection, settings, target.parent)) as connection:
            _refuse_pending(selection)
            _, query, is_ordered = _query(connection, selection)
            connection.execute("set threads = $count", {"count": settings.threads if is_ordered else 1})
            connection.execute("set lock_configuration = true")
            rows = connection.sql(query)
            types = [str(of).partition("(")[0] for of in rows.types]
            if any(of in _AS_TEXT for of in types):
                rows = rows.project(*map(_storable, rows.columns, types))
            rows.write_parquet(str(target))
    except duckdb.InterruptException as error:
        raise KeyboardInterrupt from error
    except duckdb.OutOfMemoryException as error:
        raise AuditError(
            RULE_FAILED, f"{selection.what} needs more memory than it may use. Give it more with --memory-limit."
        ) from error
    except duckdb.Error as error:
        if is_write_failure(error):
            raise no_room() from error
        raise _problem(selection, error) from error


def _opened(selection: Selection, settings: Settings, scratch: Path | None) -> duckdb.DuckDBPyConnection:
    """Open the database to read; `scratch` is the only folder that can be written."""
    config = options(settings, scratch / "database_spill" if scratch else None)
    connection = _postgres(selection, config) if selection.kind == "postgres" else _file(selection, config)
    set_plain(connection)
    folders = sorted({str(scratch.absolute()), str(scratch.resolve())}) if scratch else []
    connection.execute("set allowed_directories = $folders", {"folders": folders})
    connection.execute("set enable_external_access = false")
    return connection


def _file(selection: Selection, config: Options) -> duckdb.DuckDBPyConnection:
    _refuse_pending(selection)
    try:
        return duckdb.connect(selection.place, read_only=True, config=config)
    except duckdb.Error as error:
        if isinstance(error, duckdb.ConnectionException) or "lock on file" in str(error):
            raise in_use(selection.database, "another connection holds it") from error
        raise damaged(selection.database) from error


def _refuse_pending(selection: Selection) -> None:
    """Refuse a file beside which changes stand that are not in it yet."""
    log = Path(f"{selection.place}.wal")
    if selection.kind == "duckdb" and log.is_file() and log.stat().st_size:
        raise not_closed(selection.database, log)


def _postgres(selection: Selection, config: Options) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={**config, "threads": 1})
    try:
        connection.execute("load postgres")
    except duckdb.Error as error:
        connection.close()
        raise AuditError(BAD_CLAIMS, _NO_POSTGRES.format(version=duckdb.__version__)) from error
    place = exp.Literal.string(_words(selection.place)).sql("duckdb")
    try:
        connection.execute(f"attach {place} as claims (type postgres, read_only)")
        connection.execute("use claims")
    except duckdb.Error:
        connection.close()
        raise AuditError(BAD_CLAIMS, _NOT_REACHED) from None  # what DuckDB says may quote the password
    return connection


def _server_name(connection: duckdb.DuckDBPyConnection) -> str:
    """Return how a Postgres database is named in what is written: by its own name, not by how it is reached."""
    name = connection.execute("from postgres_query('claims', 'select current_database()')").fetchall()[0][0]
    return f"Postgres database {shown(name)}"


def _words(place: str) -> str:
    """Return a server's words as the extension takes them: an address as it is, key=value words bare."""
    return place if "://" in place else place.removeprefix("postgres:")


def _query(connection: duckdb.DuckDBPyConnection, selection: Selection) -> tuple[Selection, str, bool]:
    """Return what is selected, the one select that does, and whether several threads keep the order of its rows."""
    if selection.query:
        statements = connection.extract_statements(selection.query)
        if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
            raise not_one_select(selection)
        return selection, selection.query, False
    found = [TableName(*row) for row in connection.execute(_TABLES).fetchall()]
    table = choose_table(found, selection.table, selection)
    name = exp.Table(this=exp.to_identifier(table.name, quoted=True), db=exp.to_identifier(table.schema, quoted=True))
    is_ordered = table.is_plain and selection.kind == "duckdb"
    return replace(selection, table=table.asked), exp.select("*").from_(name).sql("duckdb"), is_ordered


def _refuse_repeated_names(selection: Selection, columns: list[str]) -> None:
    names = [name.lower() for name in columns]
    if repeated := sorted({shown(name) for name in names if names.count(name) > 1}):
        raise failed(selection, f"it gives more than one column named {', '.join(repeated[:5])}")


def _storable(name: str, of: str) -> duckdb.Expression:
    """Return a column as Parquet can hold it without losing a digit."""
    column = duckdb.ColumnExpression(name)
    return column.cast(duckdb.sqltype("VARCHAR")).alias(name) if of in _AS_TEXT else column


def _problem(selection: Selection, error: duckdb.Error) -> AuditError:
    """Say what DuckDB says, where that is about the SQL; anything else it says may quote a value."""
    text = str(error).splitlines()[0] if str(error) else ""
    if isinstance(error, duckdb.PermissionException):
        return failed(selection, "it reads a file or an address outside the database, which nothing here may do")
    if speaks_of_sql(error):
        return failed(selection, shown(text).rstrip(".!"))
    if selection.kind == "postgres":
        return failed(selection, f"the server refused it or broke off ({type(error).__name__})")
    if type(error) is duckdb.Error or isinstance(error, _DAMAGE):
        return damaged(selection.database)
    return failed(selection, f"a value does not fit what is asked of it ({type(error).__name__})")
