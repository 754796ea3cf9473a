"""Holds on run folders: who keeps a run, why, and since when. What is on hold is never deleted by retention.

They are kept in `holds.jsonl` beside the run folders, one line per hold or release, and lines are only ever added.
A hold that was placed by hand ends with a release. One that an export or a disposition placed never does: what was sent
or decided must stay provable.
"""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from audit_lib.errors import LOCKED, OUTPUT, USAGE, AuditError, system_reason
from audit_lib.whole_files import write_whole

FILE_NAME = "holds.jsonl"
_LOCK_NAME = ".lock-holds"
_WAIT_SECONDS = 60.0
# How the reasons of automatic holds begin in lines that were written before each line said which it is.
_AUTOMATIC_REASONS = ("exported by provider as ", "exported as cases as ", "a disposition is recorded on its findings")


@dataclass(frozen=True)
class HoldEntry:
    """One line of the file: a run was put on hold (`hold`), or the holds placed on it by hand ended (`release`)."""

    run: str
    action: str
    reason: str
    at: str
    user: str
    is_automatic: bool = False


def place_hold(run_folder: Path, reason: str, *, is_automatic: bool = False) -> None:
    """Put a finished run on hold for a reason; the same reason twice is one hold.

    An automatic hold is one that what was done with the run places, an export or a disposition; nobody can release it.
    Raises AuditError: 2 where the folder is no finished run or there is no reason, 14 where the file cannot be
    written, 15 where another process keeps it locked.
    """
    place, run = _run_at(run_folder)
    with locked_holds(place):
        entries = _read(place)
        if (reason.strip(), is_automatic) not in {(e.reason, e.is_automatic) for e in _open_holds(entries, run)}:
            _append(place, entries, _entry(run, "hold", reason, is_automatic))


def release_hold(run_folder: Path, reason: str) -> None:
    """End the holds on a run that were placed by hand, with the reason.

    Raises AuditError (2) where the run is on no hold, and where an automatic hold keeps it on hold all the same.
    """
    place, run = _run_at(run_folder)
    with locked_holds(place):
        entries = _read(place)
        found = _open_holds(entries, run)
        if not found:
            raise AuditError(USAGE, f"The run {run} is not on hold, so there is nothing to release.")
        staying = [entry.reason for entry in found if entry.is_automatic]
        if len(staying) < len(found):
            _append(place, entries, _entry(run, "release", reason))
    if staying:
        was = "the holds placed by hand are released" if len(staying) < len(found) else "nothing was released"
        raise AuditError(
            USAGE,
            f"The run {run} is still on hold: {'; '.join(staying)}. What an export or a disposition put on hold stays, "
            f"so that retention never deletes it; {was}. `infusion-audit holds` lists every hold.",
        )


def is_on_hold(run_folder: Path) -> bool:
    """Tell whether any hold on the run is open.

    Raises AuditError (2) where the file of holds cannot be read: whoever would delete must not take that for a no.
    """
    folder = Path(os.path.abspath(run_folder))  # noqa: PTH100 - a link keeps its own name
    return bool(_open_holds(_read(folder.parent), folder.name))


def holds(place: Path) -> list[HoldEntry]:
    """Return the open holds on the run folders in `place`, the oldest first."""
    entries = _read(place)
    return [entry for entry in entries if entry in _open_holds(entries, entry.run)]


def hold_history(place: Path) -> list[HoldEntry]:
    """Return every hold and release that was ever recorded in `place`, the oldest first."""
    return _read(place)


@contextmanager
def locked_holds(place: Path) -> Iterator[None]:
    """Keep everybody else from placing or releasing a hold: what retention asks and deletes must be one step.

    Raises AuditError: 14 where the folder cannot be written, 15 where another process keeps the holds for long.
    """
    lock = FileLock(place / _LOCK_NAME, timeout=_WAIT_SECONDS, mode=0o600)
    try:
        lock.acquire()
    except Timeout as error:
        raise AuditError(
            LOCKED, f"Another process keeps the holds in {place} locked. Wait for it to end, then try again."
        ) from error
    except OSError as error:
        raise _cannot_write(place, error) from error
    try:
        yield
    finally:
        lock.release()


def _run_at(run_folder: Path) -> tuple[Path, str]:
    folder = Path(os.path.abspath(run_folder))  # noqa: PTH100 - a link keeps its own name
    if not (folder / "manifest.json").is_file():
        raise AuditError(
            USAGE,
            f"{run_folder} is not a finished run: it holds no manifest.json. "
            "Name the folder that `infusion-audit run` printed when it ended.",
        )
    return folder.parent, folder.name


def _entry(run: str, action: str, reason: str, is_automatic: bool = False) -> HoldEntry:
    if not reason.strip():
        raise AuditError(USAGE, f"A {action} needs a reason, in words that another person understands later.")
    at = datetime.now(UTC).isoformat(timespec="seconds")
    return HoldEntry(run, action, reason.strip(), at, _user(), is_automatic)


def _user() -> str:
    """Return who is at work; a process without a user of its own still may place a hold."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


def _open_holds(entries: list[HoldEntry], run: str) -> list[HoldEntry]:
    found: list[HoldEntry] = []
    for entry in entries:
        if entry.run == run:
            found = [*found, entry] if entry.action == "hold" else [hold for hold in found if hold.is_automatic]
    return found


def _read(place: Path) -> list[HoldEntry]:
    path = place / FILE_NAME
    try:
        return [_entry_of(json.loads(line)) for line in path.read_text("utf-8").splitlines()]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError) as error:
        raise AuditError(
            USAGE,
            f"The file of holds {path} cannot be read: it was changed by hand or is not readable for you. "
            "Restore it from a copy; until then no run counts as free.",
        ) from error


def _entry_of(line: dict[str, Any]) -> HoldEntry:
    entry = HoldEntry(**line)
    if "is_automatic" in line:
        return entry
    return replace(entry, is_automatic=entry.action == "hold" and entry.reason.startswith(_AUTOMATIC_REASONS))


def _append(place: Path, entries: list[HoldEntry], entry: HoldEntry) -> None:
    """Write the file anew, so that it is whole at every moment."""
    try:
        write_whole(place / FILE_NAME, "".join(f"{json.dumps(asdict(e))}\n" for e in [*entries, entry]))
    except OSError as error:
        raise _cannot_write(place, error) from error


def _cannot_write(place: Path, error: OSError) -> AuditError:
    return AuditError(
        OUTPUT,
        f"The holds in {place} cannot be written: {system_reason(error)}. "
        "Make room or grant write access there, then try again.",
    )
