"""The ledger's file: opened by one process at a time, made where it is absent, caught up with runs that were killed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import duckdb
from filelock import FileLock, Timeout

from audit_lib.database import attach, open_connection
from audit_lib.errors import LOCKED, OUTPUT, USAGE, AuditError, is_write_failure
from audit_lib.manifest_keys import Manifest
from audit_lib.owner_only import for_owner_only
from audit_lib.resources import folder, from_yaml
from audit_lib.settings import Settings
from audit_lib.stopping import undisturbed
from audit_lib.whole_files import json_object

SCHEMA_VERSION = 2
FILE_NAME = "ledger.duckdb"
WAIT_SECONDS = 600.0


def scratch_folder(path: Path) -> Path:
    """Return the folder for what outgrows memory while a ledger is open: its own, since one process has it open."""
    return path.parent / f".ledger-scratch-{path.name}"


@dataclass(frozen=True)
class Ledger:
    """An open ledger. Its tables are found by their names; scratch tables of steps stand in memory beside them."""

    path: Path
    connection: duckdb.DuckDBPyConnection

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write to the ledger all at once or not at all; when it ends well, it is on disk.

        Raises AuditError (14) where the file cannot be written.
        """
        with for_owner_only():
            self.connection.execute("begin")
            try:
                yield
                self.connection.execute("commit")
            except duckdb.Error as error:
                self._roll_back()
                if isinstance(error, duckdb.IOException) or is_write_failure(error):
                    raise _cannot_write(self.path) from error
                raise
            except BaseException:
                self._roll_back()
                raise

    def close(self) -> None:
        """Close the file; what was committed is written into it."""
        with for_owner_only():
            self.connection.close()

    def _roll_back(self) -> None:
        with suppress(duckdb.Error):
            self.connection.execute("rollback")

    def rows(self, query: str, parameters: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Return the rows of one select over the ledger's tables."""
        return self.connection.execute(query, parameters).fetchall()

    def relative(self, run_folder: Path) -> str:
        """Return a run folder as the ledger keeps it: from its own folder, so that both may move together."""
        return os.path.relpath(run_folder, self.path.parent)

    def absolute(self, run_folder: str) -> Path:
        """Return where a run folder that the ledger names lies."""
        return Path(os.path.abspath(self.path.parent / run_folder))  # noqa: PTH100 - a link keeps its own name


def default_ledger(out: Path, run_id: str) -> Path | None:
    """Return the ledger that a run under `out` is recorded in unless told otherwise: none for the run id `.`."""
    return None if run_id == "." else out / FILE_NAME


@contextmanager
def open_ledger(
    path: Path,
    settings: Settings | None = None,
    say: Callable[[str], None] | None = None,
    wait_seconds: float = WAIT_SECONDS,
    must_exist: bool = False,
) -> Iterator[Ledger]:
    """Open a ledger for this process alone, making it where it is absent; others wait until it is closed.

    Before anything else, a run that was killed between being whole and being recorded is recorded.
    Raises AuditError: 2 where the file is no ledger, one of another version, or absent and `must_exist`; 14 where it
    cannot be written; 15 where another process keeps it longer than `wait_seconds`.
    """
    path = Path(os.path.abspath(path))  # noqa: PTH100 - a link keeps its own name
    if must_exist and not path.is_file():
        raise AuditError(
            USAGE,
            f"There is no ledger at {path}. `infusion-audit run` makes one beside the runs; name it with --ledger.",
        )
    with ExitStack() as kept:
        kept.enter_context(for_owner_only())
        _lock(kept, path, say, wait_seconds)
        try:
            scratch = kept.enter_context(_scratch(path))
        except OSError as error:
            raise _cannot_write(path) from error
        is_new = _holds_nothing(path)
        ledger = _opened(path, settings or Settings(), scratch)
        kept.callback(ledger.close)
        _catch_up(ledger)
        try:
            yield ledger
        except BaseException:
            if is_new and not _remembers(ledger):
                kept.callback(_take_away, ledger)
            raise


def check_ledger(path: Path) -> None:
    """Refuse early, before claims are read, a ledger that the end of the run could not use; one in use is left."""
    if path.is_file() and not _holds_nothing(path):
        with suppress(_Busy), open_ledger(path, wait_seconds=0):
            pass


class _Busy(AuditError):
    """Another process has the ledger open."""


def _lock(kept: ExitStack, path: Path, say: Callable[[str], None] | None, wait_seconds: float) -> None:
    lock = FileLock(_lock_file(path), mode=0o600)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            if say and wait_seconds:
                say(f"waiting for another process to finish with the ledger {path}")
            lock.acquire(timeout=wait_seconds)
    except Timeout as error:
        raise _Busy(
            LOCKED,
            f"Another process has kept the ledger {path} open for {wait_seconds:,.0f} seconds. Nothing was recorded. "
            "Wait for it to end and try again, or run with another --ledger or with --no-ledger.",
        ) from error
    except OSError as error:
        raise _cannot_write(path) from error
    kept.callback(lock.release)


@contextmanager
def _scratch(path: Path) -> Iterator[Path]:
    """Make the folder of `scratch_folder`, without what a killed process left there; in the end take it away."""
    scratch = scratch_folder(path)
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(mode=0o700)
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _opened(path: Path, settings: Settings, scratch: Path) -> Ledger:
    """Open the file as a ledger or make it; of one that cannot be made whole nothing is left, or none could follow."""
    is_new = _holds_nothing(path)
    if is_new:
        _remove(path)
    connection = None
    try:
        connection = _connect(path, settings, scratch)
        ledger = Ledger(path, connection)
        _check_schema(ledger)
    except BaseException:
        if connection:
            connection.close()
        if is_new:
            _remove(path)
        raise
    return ledger


def _holds_nothing(path: Path) -> bool:
    """Tell whether no ledger is there yet, or the empty file that is left where one could not be made."""
    return not path.exists() or (path.is_file() and path.stat().st_size == 0)


def _remembers(ledger: Ledger) -> bool:
    """Tell whether a run is recorded, or whole and still to be recorded; where nobody can tell, that one may be."""
    try:
        pending = ledger.rows("select run_folder from ledger.pending_runs")
        is_recorded = bool(ledger.rows("from ledger.runs limit 1"))
    except duckdb.Error:
        return True
    return is_recorded or any((ledger.absolute(place) / "manifest.json").is_file() for (place,) in pending)


def _take_away(ledger: Ledger) -> None:
    """Take away a ledger that a run made and was not recorded in, while it is locked, and the lock's own file."""
    with undisturbed():
        ledger.close()
        _remove(ledger.path)
        _lock_file(ledger.path).unlink(missing_ok=True)


def _lock_file(path: Path) -> Path:
    return path.with_name(f".lock-{path.name}")


def _remove(path: Path) -> None:
    """Take away a ledger that holds nothing and what DuckDB keeps beside it; where a link leads there, not the link."""
    for name in (os.path.realpath(path), f"{os.path.realpath(path)}.wal"):
        with suppress(OSError):
            Path(name).unlink()


def _connect(path: Path, settings: Settings, scratch: Path) -> duckdb.DuckDBPyConnection:
    """Attach the ledger to a database in memory; unqualified names are looked up in both."""
    connection = open_connection(settings, scratch)
    try:
        attach(connection, path, "ledger")
    except duckdb.Error as error:
        connection.close()
        if is_write_failure(error):
            raise _cannot_write(path) from error
        raise AuditError(
            USAGE,
            f"The file {path} cannot be opened as a ledger: it is no DuckDB file, one of a newer DuckDB, or not "
            "readable for you. Name another --ledger, or run with --no-ledger.",
        ) from error
    connection.execute("set search_path = 'memory.main,ledger.main'")
    return connection


def _check_schema(ledger: Ledger) -> None:
    tables = {
        str(row[0]) for row in ledger.rows("select table_name from duckdb_tables() where database_name = 'ledger'")
    }
    if not tables:
        _create_tables(ledger)
    elif "ledger_info" not in tables:
        raise AuditError(
            USAGE, f"The file {ledger.path} is a database, but no ledger of this program. Name another --ledger."
        )
    version = int(ledger.rows("select schema_version from ledger.ledger_info")[0][0])
    if version != SCHEMA_VERSION:
        raise AuditError(
            USAGE,
            f"The ledger {ledger.path} was written by another version of this program (version {version}, not "
            f"{SCHEMA_VERSION}); nothing was changed. Name another --ledger and audit the claims again; dispositions "
            "are recorded anew from their files, finding ids stay the same.",
        )


def _create_tables(ledger: Ledger) -> None:
    """Create the tables of `sql/ledger/tables.yml` all at once."""
    with ledger.transaction():
        for name, table in ledger_tables().items():
            columns = ", ".join(f"{column} {meaning[0]}" for column, meaning in table["columns"].items())
            ledger.connection.execute(f"create table ledger.{name} ({columns})")
        ledger.connection.execute("insert into ledger.ledger_info values ($version)", {"version": SCHEMA_VERSION})


def ledger_tables() -> dict[str, Any]:
    """Return the ledger's tables: what a row is, and each column with its type and meaning."""
    text = (folder("sql") / "ledger" / "tables.yml").read_text("utf-8")
    tables: dict[str, Any] = from_yaml(text)
    return tables


def _catch_up(ledger: Ledger) -> None:
    """Record runs that are whole but were not recorded; forget those that never became whole."""
    from audit_lib.ledger.recording import record_run, run_key

    for key, place in ledger.rows("from ledger.pending_runs order by run_folder"):
        run_folder = ledger.absolute(place)
        manifest = cast(Manifest, json_object(run_folder / "manifest.json"))
        if manifest and run_key(manifest) == key:
            record_run(ledger, run_folder)
        with ledger.transaction():
            ledger.connection.execute("delete from ledger.pending_runs where run_key = $key", {"key": key})


def _cannot_write(path: Path) -> AuditError:
    return AuditError(
        OUTPUT,
        f"The ledger {path} cannot be written. Make room or grant write access there; what was recorded before "
        "is kept.",
    )
