"""Delivery: a finished report copied, whole or not at all, to a folder that a named group reads."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from audit_lib.errors import OUTPUT, USAGE, AuditError, system_reason
from audit_lib.schedule.plan import Deliver
from audit_lib.whole_files import PARTIAL

_FOLDER_MODE, _FILE_MODE = 0o750, 0o640


def deliver(run_folder: Path, to: Deliver) -> Path:
    """Write the report of a finished run, in the form that the plan names, into a folder below `to.folder`.

    What is there already was delivered before, unless it is older than the run. Raises AuditError: 2 for a group that
    is none, 14 where the folder cannot be written or another report is there.
    """
    target = to.folder / run_folder.name
    if target.is_dir():
        _refuse_another(target, run_folder)
        return target
    group = _group(to.group)
    partial = to.folder / f"{PARTIAL}{run_folder.name}"
    try:
        to.folder.mkdir(parents=True, exist_ok=True, mode=_FOLDER_MODE)
        shutil.rmtree(partial, ignore_errors=True)  # what a stopped delivery left
        partial.mkdir(mode=0o700)
        _write_pages(run_folder, partial, to)
        _open_to(group, partial, to)
        partial.rename(target)
    except OSError as error:
        raise AuditError(
            OUTPUT,
            f"The report cannot be delivered to {to.folder}: {system_reason(error)}. "
            "Make room or grant write access there, or name another folder after deliver; nothing was left there, "
            "and the run itself is whole.",
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return target


def _refuse_another(target: Path, run_folder: Path) -> None:
    """Refuse a folder of the report's name that was there before the run: of another plan, or of a run that is gone."""
    if target.stat().st_mtime < (run_folder / "manifest.json").stat().st_mtime:
        raise AuditError(
            OUTPUT,
            f"The report cannot be delivered: {target} was there before this run, so it is another report. Move it "
            "away, or name another folder after deliver; it was left as it is, and the run itself is whole.",
        )


def _write_pages(run_folder: Path, partial: Path, to: Deliver) -> None:
    """Write the shared form: pseudonyms, no small cell; the pages as they are only where the plan says full."""
    if to.form == "full":
        for page in sorted((run_folder / "reports").glob("*.html")):
            shutil.copyfile(page, partial / page.name)
        return
    from audit_lib.sharing import share_reports

    share_reports(run_folder, partial)


def _group(name: str | None) -> int | None:
    """Return the number of a group. Raises AuditError (2) where the system knows none of that name."""
    if name is None:
        return None
    try:
        import grp

        return grp.getgrnam(name).gr_gid
    except (ImportError, KeyError) as error:
        raise AuditError(
            USAGE,
            f"The report cannot be delivered: this system knows no group {name!r}. "
            "Correct group after deliver in the plan, or leave it out and grant access by the folder.",
        ) from error


def _open_to(group: int | None, partial: Path, to: Deliver) -> None:
    """Let the group read, and nobody else."""
    for path in [*partial.rglob("*"), partial]:
        if group is not None:
            _give_to(group, path, to)
        path.chmod(_FOLDER_MODE if path.is_dir() else _FILE_MODE)
        if path.is_file():
            with suppress(OSError), path.open("rb") as file:
                os.fsync(file.fileno())


def _give_to(group: int, path: Path, to: Deliver) -> None:
    try:
        os.chown(path, -1, group)
    except PermissionError as error:
        raise AuditError(
            OUTPUT,
            f"The report cannot be delivered: whoever runs it is not in the group {to.group}, so its files cannot be "
            "given to it. Add that account to the group; nothing was left there, and the run itself is whole.",
        ) from error
