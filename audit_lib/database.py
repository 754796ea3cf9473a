"""The one place where a database is opened: in memory, without extensions, what it spills for its owner only.

That of a run is locked before it reads a row. It reads the claims files and nothing else, writes into the run's own
folder and nowhere else, reaches no network, and no SQL, whoever wrote it, can change that.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path
from uuid import uuid4

import duckdb

from audit_lib.errors import USAGE, AuditError
from audit_lib.pipeline import LARGE_TABLES
from audit_lib.settings import Settings, query_memory

Options = dict[str, str | bool | int | float | list[str]]


def open_connection(
    settings: Settings | None = None, spill: Path | None = None, readable: Collection[Path] | None = None
) -> duckdb.DuckDBPyConnection:
    """Open DuckDB in memory with the memory and threads of the settings; what does not fit spills into `spill`.

    `spill` is a folder that only its owner can read (default: one below `TMPDIR` that goes with the process). Where
    `readable` is given, SQL reaches files below those folders and nothing else, and cannot change that; a Parquet file
    in one may be a link that leads elsewhere.
    """
    connection = duckdb.connect(config=options(settings or Settings(), spill))
    set_plain(connection)
    if readable is not None:
        _lock(connection, readable, [path for place in readable for path in place.glob("*.parquet")])
    return connection


def open_locked(settings: Settings, inputs: Iterable[Path], own_folder: Path, spill: Path) -> duckdb.DuckDBPyConnection:
    """Open DuckDB in memory; what does not fit spills into `spill`, where large tables stand from the start.

    Only the files `inputs` can be read and only files below `own_folder` read and written; tables of Python are seen
    only where they are registered.
    """
    connection = open_connection(settings, spill)
    attach(connection, spill / "large_tables.duckdb", LARGE_TABLES)
    _lock(connection, [own_folder], inputs)
    return connection


def attach(connection: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    """Open a database file beside that of the connection, making it where it is absent.

    Raises AuditError (2) as `check_place` does.
    """
    check_place(path)
    quoted = str(path).replace("'", "''")
    connection.execute(f"attach '{quoted}' as {name}")


def check_place(path: Path) -> None:
    """Refuse a path with a question mark: before the first one DuckDB puts the ending of the names that it makes.

    So its log would lie in a folder that is not there. A link does not help: DuckDB follows it first.
    Raises AuditError (2).
    """
    marked = [way for way in (path.absolute(), path.resolve()) if "?" in str(way)]
    if marked:
        raise AuditError(
            USAGE,
            f"A run and its ledger cannot be kept at {marked[0]}: DuckDB misreads a path with a ? in it. Name an "
            "--out, a --run-id and a --ledger without one, and begin from a folder whose path has none.",
        )


def options(settings: Settings, spill: Path | None) -> Options:
    """Return what every database is opened with; `spill` as for `open_connection`."""
    return {
        "threads": settings.threads,
        "memory_limit": query_memory(settings.memory_limit),
        "temp_directory": str(spill or _own_folder() / uuid4().hex),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "python_enable_replacements": False,
    }


@cache
def _own_folder() -> Path:
    """Return this process's folder of what is spilled. DuckDB's own would be open to all, in the current folder."""
    place = tempfile.mkdtemp(prefix="infusion-audit-")
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    return Path(place)


def _lock(connection: duckdb.DuckDBPyConnection, folders: Iterable[Path], files: Iterable[Path]) -> None:
    """Let SQL reach these folders and files only, each also by the path that links lead to, for good."""
    allowed = {
        "allowed_paths": {str(way) for path in files for way in (path, Path(path).resolve())},
        "allowed_directories": {str(way) for path in folders for way in (path.absolute(), path.resolve())},
    }
    for name, ways in allowed.items():
        connection.execute(f"set {name} = $ways", {"ways": sorted(ways)})
    connection.execute("set enable_external_access = false; set lock_configuration = true")


def set_plain(connection: duckdb.DuckDBPyConnection) -> None:
    """Set the zone of timestamps, and leave out DuckDB's own progress bar.

    The bar is touched only where it is on: in a notebook kernel without ipywidgets DuckDB refuses even to turn it off.
    """
    connection.execute("set timezone = 'UTC'")
    if connection.execute("select current_setting('enable_progress_bar')").fetchall() == [(True,)]:
        connection.execute("set enable_progress_bar = false")
