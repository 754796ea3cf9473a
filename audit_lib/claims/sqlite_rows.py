"""Rows of a SQLite file: copied as text, value by value, into a Parquet file; nothing is written beside the database.

SQLite keeps a type per value, not per column, so a value is delivered as CSV would deliver it and the layout's kinds
read it. The file is opened as one that nobody changes: SQLite then makes neither a lock nor a journal beside it.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from sqlglot import exp

from audit_lib.claims.selection import (
    Selection,
    TableName,
    choose_table,
    damaged,
    failed,
    not_closed,
    not_one_select,
    shown,
)
from audit_lib.errors import AuditError, no_room

# Python's own objects take several times the bytes of the text that they hold.
_VALUES_AT_ONCE, _BYTES_AT_ONCE = 500_000, 16_000_000
_ROWS_OF_A_GROUP, _BYTES_OF_A_GROUP = 100_000, 128_000_000
_FIRST_ROWS, _MOST_GROWTH = 10, 10
_STEPS_BETWEEN_LOOKS = 1_000_000
_EXACT_IN_A_FLOAT = 2**53
# Python writes smaller floats, the dust of a sum among them, in scientific form.
_WRITTEN_IN_FULL = 0.0001
_READING = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
_TABLES = "select 'main', name, type = 'table' from sqlite_master where type in ('table', 'view') order by name"
_NO_UTF8 = re.compile(r"Could not decode to UTF-8 column '(.*?)' with text", re.DOTALL)
_NO_CHANGE = b"\0" * 8


def look(selection: Selection) -> Selection:
    """Return the selection with the table's own name, after a look that it can be read; no row is read yet.

    Raises AuditError: 2 where neither table nor query is named or the query is none, 11 where they cannot be read.
    """
    with closing(_opened(selection)) as connection:
        found, query = _query(connection, selection)
        _check(connection, found, query)
    return found


def store_rows(selection: Selection, target: Path) -> None:
    """Copy the rows into the Parquet file `target` as text, in the order in which the database gives them.

    Raises AuditError: 11 where they cannot be read or hold bytes, 14 where they cannot be written.
    """
    with closing(_opened(selection)) as connection:
        rows = _rows(connection, *_query(connection, selection))
        schema = next(rows).schema
        try:
            with pq.ParquetWriter(target, schema) as writer:
                for group in _groups(rows, schema):
                    writer.write_table(group)
        except OSError as error:
            raise no_room(error.strerror or "the disk is full or refuses more") from error


def _opened(selection: Selection) -> sqlite3.Connection:
    """Open the file to read it as it stands. Raises AuditError (11) where changes wait beside it."""
    path = Path(selection.place)
    for log in (Path(f"{path}-wal"), Path(f"{path}-journal")):
        if _waits(log):
            raise not_closed(selection.database, log)
    try:
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    except sqlite3.Error as error:
        raise damaged(selection.database) from error
    connection.set_authorizer(_permission)
    connection.set_progress_handler(lambda: 0, _STEPS_BETWEEN_LOOKS)  # lets Ctrl-C through
    return connection


def _permission(action: int, *_: object) -> int:
    return sqlite3.SQLITE_OK if action in _READING else sqlite3.SQLITE_DENY


def _waits(log: Path) -> bool:
    """Tell whether a journal holds changes; one that was played back is empty or begins with zeros."""
    if not log.is_file():
        return False
    with log.open("rb") as file:
        return file.read(len(_NO_CHANGE)) not in (b"", _NO_CHANGE)


def _tables(connection: sqlite3.Connection, selection: Selection) -> list[TableName]:
    try:
        found = [TableName(schema, name, bool(plain)) for schema, name, plain in connection.execute(_TABLES)]
    except sqlite3.Error as error:
        raise damaged(selection.database) from error
    return [table for table in found if not table.name.startswith("sqlite_")]


def _query(connection: sqlite3.Connection, selection: Selection) -> tuple[Selection, str]:
    """Return the one select whose rows are the claims; a table is read in its own order, not in an index's."""
    if selection.query:
        return selection, selection.query
    table = choose_table(_tables(connection, selection), selection.table, selection)
    select = exp.select("*").from_(exp.Table(this=exp.to_identifier(table.name, quoted=True))).sql("sqlite")
    return replace(selection, table=table.asked), f"{select} not indexed" if table.is_plain else select


def _check(connection: sqlite3.Connection, selection: Selection, query: str) -> None:
    """Refuse what is no single select, or one that SQLite cannot prepare."""
    actions: set[int] = set()

    def noted(action: int, *_: object) -> int:
        actions.add(action)
        return _permission(action)

    connection.set_authorizer(noted)
    try:
        connection.execute(f"explain {query}").close()
    except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
        raise not_one_select(selection) if actions - _READING else _refused(selection, error) from error
    if sqlite3.SQLITE_SELECT not in actions:
        raise not_one_select(selection)


def _rows(connection: sqlite3.Connection, selection: Selection, query: str) -> Iterator[pa.RecordBatch]:
    """Give the rows in batches of text, an empty one first, which tells the columns."""
    _check(connection, selection, query)
    try:
        cursor = connection.execute(query)
        names = [column[0] for column in cursor.description]
        yield _batch(selection, names, [])
        count = _FIRST_ROWS
        while rows := cursor.fetchmany(count):
            batch = _batch(selection, names, rows)
            yield batch
            count = _next_count(batch)
    except sqlite3.Error as error:
        raise _broken_off(selection, error) from error


def _next_count(batch: pa.RecordBatch) -> int:
    """Return how many more rows such as these may be held at once, whatever their number of columns and their size."""
    by_values = _VALUES_AT_ONCE // batch.num_columns
    by_bytes = _BYTES_AT_ONCE * batch.num_rows // max(1, batch.nbytes)
    return max(1, min(int(by_values), int(by_bytes), _MOST_GROWTH * int(batch.num_rows)))


def _batch(selection: Selection, names: list[str], rows: list[tuple[object, ...]]) -> pa.RecordBatch:
    columns = zip(*rows, strict=True) if rows else [() for _ in names]
    arrays = [_as_text(selection, name, values) for name, values in zip(names, columns, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=pa.schema([(name, pa.string()) for name in names]))


def _as_text(selection: Selection, name: str, values: tuple[object, ...]) -> pa.Array:
    """Return a column's values as text; None stays None."""
    types = set(map(type, values))
    if bytes in types:
        raise failed(selection, f"the column {shown(name)} holds bytes (blobs), which are no text, number or date")
    if not types & {int, float}:
        return pa.array(values, pa.string())
    return pa.array([_number(value) if type(value) in (int, float) else value for value in values], pa.string())


def _number(value: object) -> str:
    """Write a number in full; a float that may have lost digits in scientific form, as no code or amount is written."""
    if isinstance(value, float) and abs(value) >= _EXACT_IN_A_FLOAT:
        return f"{value:e}"
    if isinstance(value, float) and 0 < abs(value) < _WRITTEN_IN_FULL:
        return f"{value:.17f}"
    return str(value)


def _groups(batches: Iterator[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    """Gather batches into groups of rows that a reader of Parquet likes; one without rows where there are none."""
    group: list[pa.RecordBatch] = []
    for batch in batches:
        group.append(batch)
        rows, size = sum(one.num_rows for one in group), sum(one.nbytes for one in group)
        if rows >= _ROWS_OF_A_GROUP or size >= _BYTES_OF_A_GROUP:
            yield pa.Table.from_batches(group)
            group = []
    yield pa.Table.from_batches(group, schema)


def _refused(selection: Selection, error: Exception) -> AuditError:
    """Say why a query is none. Nothing was read yet, so what SQLite says is about the query alone."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_MISUSE) & 0xFF
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return damaged(selection.database)
    if code == sqlite3.SQLITE_MISUSE or "explain" in str(error).lower():
        return not_one_select(selection)
    return failed(selection, shown(str(error)))


def _broken_off(selection: Selection, error: sqlite3.Error) -> BaseException:
    """Say why reading ended, in our own words: what SQLite says may quote a value."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_INTERRUPT:
        return KeyboardInterrupt()
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return damaged(selection.database)
    if found := _NO_UTF8.match(str(error)):
        return failed(selection, f"the column {shown(found[1])} holds text that is not UTF-8")
    return failed(selection, f"a row cannot be computed ({getattr(error, 'sqlite_errorname', 'SQLITE_ERROR')})")
