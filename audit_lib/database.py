"""The database of a run: in memory, and locked before it reads a row.

It reads the claims files and nothing else, writes into the run's own folder and nowhere else, reaches no network,
and no SQL, whoever wrote it, can change that.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from audit_lib.pipeline import LARGE_TABLES
from audit_lib.settings import Settings, query_memory


def open_locked(settings: Settings, inputs: Iterable[Path], own_folder: Path, spill: Path) -> duckdb.DuckDBPyConnection:
    """Open DuckDB in memory; what does not fit spills into `spill`, where large tables stand from the start.

    Only the files `inputs` can be read and only files below `own_folder` read and written; tables of Python are seen
    only where they are registered.
    """
    connection = duckdb.connect(
        config={
            "threads": settings.threads,
            "memory_limit": query_memory(settings.memory_limit),
            "temp_directory": str(spill),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    set_plain(connection)
    place = str(spill / "large_tables.duckdb").replace("'", "''")
    connection.execute(f"attach '{place}' as {LARGE_TABLES}")
    files = [str(path) for path in inputs]
    real = [str(Path(path).resolve()) for path in files]
    folders = [str(own_folder.absolute()), str(own_folder.resolve())]
    connection.execute("set allowed_paths = $paths", {"paths": sorted({*files, *real})})
    connection.execute("set allowed_directories = $folders", {"folders": sorted(set(folders))})
    connection.execute("set enable_external_access = false; set lock_configuration = true")
    return connection


def set_plain(connection: duckdb.DuckDBPyConnection) -> None:
    """Set the zone of timestamps, and leave out DuckDB's own progress bar.

    The bar is touched only where it is on: in a notebook kernel without ipywidgets DuckDB refuses even to turn it off.
    """
    connection.execute("set timezone = 'UTC'")
    if connection.execute("select current_setting('enable_progress_bar')").fetchone() == (True,):
        connection.execute("set enable_progress_bar = false")
