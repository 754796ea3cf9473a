"""Small databases of claims for tests: written, read as a run reads them, refused."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from audit_lib.claims.inputs import find_inputs, scan_inputs, store_rows
from audit_lib.claims.layouts import read_layout
from audit_lib.claims.reading import read_claims
from audit_lib.claims.row_counts import RowCounts
from audit_lib.claims.sources import SourceFile
from audit_lib.errors import AuditError
from audit_lib.settings import Settings
from tests.claims_text import GOOD

KINDS = ("duckdb", "sqlite")
SECRET = "QZ-4711"


def make(path: Path, table: str, names: list[str], values: list[list[Any]], *more: str) -> Path:
    """Write a database of this kind (the file's ending says which) with one table, then run more statements."""
    quoted = '"' + table.replace('"', '""') + '"'
    marks = ", ".join("?" * len(names))
    if path.suffix == ".duckdb":
        with closing(duckdb.connect(str(path))) as connection:
            connection.execute(f"create table {quoted} ({', '.join(f'{name} varchar' for name in names)})")
            if values:
                connection.executemany(f"insert into {quoted} values ({marks})", values)
            for statement in more:
                connection.execute(statement)
    else:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"create table {quoted} ({', '.join(names)})")
            connection.executemany(f"insert into {quoted} values ({marks})", values)
            for statement in more:
                connection.execute(statement)
            connection.commit()
    return path


def small(path: Path, *more: str, table: str = "claims", **values: Any) -> Path:
    """Write a database with a table of one good claim line."""
    row = {**GOOD, **values}
    return make(path, table, list(row), [list(row.values())], *more)


def copied(claims: Path | str, table: str = "claims", query: str = "") -> SourceFile:
    """Copy the rows of a database as a run does, to be read from the file's path."""
    (file,) = files = find_inputs(str(claims), "" if query else table, query)
    scan_inputs(files)
    scratch = Path(claims).parent / ".scratch"
    scratch.mkdir(exist_ok=True)
    store_rows(files, scratch, Settings(threads=2))
    return file


def column(file: SourceFile, name: str = "claim_id") -> list[Any]:
    """Return one column of the copied rows."""
    values: list[Any] = pq.read_table(file.path).column(name).to_pylist()
    return values


def read(claims: Path | str, table: str = "claims", query: str = "") -> tuple[duckdb.DuckDBPyConnection, RowCounts]:
    """Read a database as a run does."""
    connection = duckdb.connect()
    return connection, read_claims(connection, [copied(claims, table, query)], read_layout("canonical"))


def refusal(claims: Path | str, table: str = "claims", query: str = "") -> tuple[int, str]:
    with pytest.raises(AuditError) as caught:
        copied(claims, table, query)
    message = caught.value.message
    assert "\n" not in message
    assert SECRET not in message
    return caught.value.exit_code, message
