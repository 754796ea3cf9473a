"""The run folder: written beside its place under a `.partial-` name and renamed when whole: whole or absent."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from audit_lib.errors import LOCKED, OUTPUT, USAGE, AuditError, cannot_write, is_write_failure, system_reason
from audit_lib.owner_only import for_owner_only
from audit_lib.resources import folder, from_yaml
from audit_lib.stopping import undisturbed
from audit_lib.whole_files import PARTIAL

_LOCK = ".lock-"
# What is written as a folder, and the options that name its place.
_NAMED_BY = {"run": "--out or --run-id", "export": "--out", "report": "--out"}


def default_run_id(created_at: datetime, hashes: list[str]) -> str:
    """Return the name of a run that is given none: when it was made, and eight digits for its inputs."""
    digest = hashlib.sha256("".join(hashes).encode()).hexdigest()
    return f"{created_at:%Y%m%dT%H%M%SZ}-{digest[:8]}"


def target_folder(out: Path, run_id: str) -> Path:
    """Return where the run will stand: a folder under `out`, or `out` itself for the run id `.`.

    Raises AuditError (2) for a run id that is no plain name.
    """
    target = out if run_id == "." else out / run_id
    if run_id != "." and (Path(run_id).name != run_id or run_id.startswith(".")):
        raise AuditError(
            USAGE,
            "--run-id must be a plain folder name (or . for --out itself), without slashes or a leading point.",
        )
    is_link = os.path.islink(target)  # noqa: PTH114 - does not fail where the name is too long
    return Path(os.path.realpath(target) if is_link else os.path.abspath(target))  # noqa: PTH100


def check_target(target: Path, what: str = "run") -> None:
    """Refuse a target that holds anything, since nothing is ever overwritten. Raises AuditError (2)."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise AuditError(
            USAGE,
            f"The {what} cannot be written to {target}: something is there already, and nothing is ever overwritten. "
            f"Name another {_NAMED_BY[what]}, or move it away.",
        )


@contextmanager
def whole_or_absent(target: Path, what: str = "run") -> Iterator[Path]:
    """Give a folder to write into; it becomes `target` if all goes well and vanishes if not.

    Raises AuditError: 2 where the target is taken, 14 where it cannot be written, 15 where another process writes it.
    """
    partial = target.parent / f"{PARTIAL}{target.name}"
    lock_file = target.parent / f"{_LOCK}{target.name}"
    try:
        with ExitStack() as kept:
            kept.enter_context(for_owner_only())
            check_target(target, what)
            _make_room(target.parent, what)
            _remove_what_killed_runs_left(target.parent)
            kept.enter_context(FileLock(lock_file, timeout=0, mode=0o600))
            shutil.rmtree(partial, ignore_errors=True)  # what a killed run left
            partial.mkdir(mode=0o700)
            try:
                yield partial
                check_target(target, what)
                _sync(partial)
                partial.rename(target)
            finally:
                with undisturbed():
                    shutil.rmtree(partial, ignore_errors=True)
                    lock_file.unlink(missing_ok=True)
    except Timeout as error:
        raise AuditError(
            LOCKED,
            f"Another {what} is writing {target} right now. Wait for it to end, or name another {_NAMED_BY[what]}.",
        ) from error
    except OSError as error:
        raise cannot_write(target.parent, system_reason(error), what) from error


def _make_room(place: Path, what: str) -> None:
    """Make the folder that will hold the target. Raises AuditError (14) where a file stands in its way."""
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
    except (FileExistsError, NotADirectoryError) as error:
        raise AuditError(
            OUTPUT,
            f"The {what} cannot be written under {place}: that is a file, or lies below one. Name another --out.",
        ) from error


def _remove_what_killed_runs_left(place: Path) -> None:
    """Remove half-written folders that no run holds: they keep claims, and nobody else would."""
    for partial in place.glob(f"{PARTIAL}*"):
        lock = FileLock(place / f"{_LOCK}{partial.name.removeprefix(PARTIAL)}", timeout=0, mode=0o600)
        with suppress(Timeout, OSError), lock:
            shutil.rmtree(partial, ignore_errors=True)
            Path(lock.lock_file).unlink(missing_ok=True)


def _sync(partial: Path) -> None:
    """Have the files on disk before the name says that they are whole."""
    for path in sorted(partial.rglob("*")):
        if path.is_file():
            with path.open("r+b") as file:  # some systems sync no file that is open for reading alone
                os.fsync(file.fileno())


def write_tables(connection: duckdb.DuckDBPyConnection, partial: Path) -> None:
    """Write each table of `sql/exposure/outputs.yml` as a Parquet file, its rows in a fixed order.

    Raises OSError where the disk takes no more.
    """
    outputs = from_yaml((folder("sql") / "exposure" / "outputs.yml").read_text("utf-8"))
    for name, output in outputs.items():
        source = connection.table(output.get("table", name))
        columns = ", ".join(output["columns"]) or "*"
        try:
            relation = source.order(", ".join(output["order"])).project(columns)
            relation.write_parquet(str(partial / f"{name}.parquet"), compression="zstd", row_group_size=122_880)
        except duckdb.Error as error:
            if not isinstance(error, duckdb.IOException) and not is_write_failure(error):
                raise
            raise OSError(None, "the disk is full or the folder cannot be written") from error
