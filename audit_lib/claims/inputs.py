"""Inputs: what `--claims` names, a file or the rows of a database, from the first look until it can be read."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from audit_lib.claims import duckdb_rows, sqlite_rows
from audit_lib.claims.addresses import names_a_server
from audit_lib.claims.selection import Selection, damaged
from audit_lib.claims.sources import SourceFile, find_files, identity_of, scan_bytes, take_digest, take_shape
from audit_lib.errors import BAD_CLAIMS, USAGE, AuditError, cannot_read
from audit_lib.settings import Settings

DATABASE_NAMES = (".duckdb", ".ddb", ".sqlite", ".sqlite3", ".db", ".db3")
_SERVERS = ("postgresql://", "postgres://", "postgres:")
_HEAD_BYTES = 20


def find_inputs(claims: str, table: str = "", query: str = "") -> list[SourceFile]:
    """Return the claims files that `claims` names, or the one database, with the rows that are meant.

    Raises AuditError: 11 where there is none or it cannot be opened, 2 where table and query do not fit it.
    """
    if table and query:
        raise AuditError(USAGE, "Name the claims with --table or with --query, not with both.")
    kind, path = _kind(claims), Path(claims)
    if not kind and names_a_server(claims):
        raise AuditError(
            BAD_CLAIMS,
            "The claims cannot be read: --claims names the address of a server, and of those only Postgres's are "
            "understood (postgresql://…, or postgres: and a connection string). It is not repeated here, since it may "
            "hold a password. Correct it, or export the rows to Parquet and name that.",
        )
    if kind == "postgres":
        selection = duckdb_rows.look(Selection(kind, claims, "The Postgres database", table, query))
        return [SourceFile(Path(os.devnull), selection.label, kind, selection=selection)]
    if kind:
        place = os.path.abspath(path)  # noqa: PTH100 - a link keeps its own name
        reader = sqlite_rows if kind == "sqlite" else duckdb_rows
        selection = reader.look(Selection(kind, place, path.name, table, query))
        status = path.stat()
        return [SourceFile(Path(place), selection.label, kind, status.st_size, identity_of(path), selection=selection)]
    if path.name.lower().endswith(DATABASE_NAMES) and path.is_file():
        if path.stat().st_size == 0:
            raise AuditError(BAD_CLAIMS, f"{path.name} is empty (0 bytes). Have it delivered again.")
        raise damaged(path.name)
    files = find_files(claims)
    if table or query:
        rows = f"table {table}" if table else "tables for a query"
        raise AuditError(
            USAGE,
            f"{path.name} is no database, so it has no {rows}. --table and --query go with a DuckDB or SQLite file "
            "or with Postgres; leave them out, or name a database with --claims.",
        )
    return files


def _kind(claims: str) -> str:
    """Return which kind of database this is by its first bytes, whatever its name says; nothing where it is none."""
    if claims.startswith(_SERVERS):
        return "postgres"
    path = Path(claims)
    if not os.path.isfile(path):  # noqa: PTH113 - does not fail where the name is too long
        return ""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        raise cannot_read(path.name, error) from error
    if head.startswith(b"SQLite format 3\0"):
        return "sqlite"
    return "duckdb" if head[8:12] == b"DUCK" and b"\0" in head[12:] else ""


def scan_inputs(files: list[SourceFile]) -> None:
    """Pass over the bytes of every file (`scan_bytes`), two passes at a time."""
    passes = [(take, file) for file in files if file.delivered for take in (take_digest, take_shape)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda one: one[0](one[1]), passes))


def store_rows(files: list[SourceFile], scratch: Path, settings: Settings) -> None:
    """Copy the rows of a database to a Parquet file in `scratch`, which is read in its stead; files stay as they are.

    Raises AuditError: 11 where they cannot be read, 13 without memory for it, 14 where they cannot be written.
    """
    for file in files:
        if not file.selection:
            continue
        target = scratch.absolute() / "database_rows.parquet"
        if file.selection.kind == "sqlite":
            sqlite_rows.store_rows(file.selection, target)
        else:
            duckdb_rows.store_rows(file.selection, target, settings)
        file.path, file.format = target, "parquet"
        if not file.delivered:
            file.byte_count = target.stat().st_size
            scan_bytes(file)
