"""Single files: written whole or not at all, for their owner only; and JSON read, whatever became of it."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit_lib.errors import OUTPUT, USAGE, AuditError, system_reason

if TYPE_CHECKING:
    from xlsxwriter import Workbook

# How the name of whatever is not whole yet begins.
PARTIAL = ".partial-"


def json_object(path: Path) -> dict[str, Any]:
    """Return the object that a JSON file holds; an empty one where it is gone, damaged, or holds another thing."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_whole(path: Path, text: str) -> None:
    """Write a text file under a temporary name and put it in its place; raises OSError and leaves the old one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _partial_file(path) as partial:
        with partial.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """Give a place to write; what is there in the end becomes the file `path`, and after a failure nothing is left.

    Raises AuditError: 2 where the file is there already, 14 where it cannot be written.
    """
    try:
        path.open("x").close()  # nobody else takes the name meanwhile
    except FileExistsError as error:
        raise AuditError(
            USAGE, f"{path} is there already, and nothing is ever overwritten. Name another --out."
        ) from error
    except OSError as error:
        raise _cannot_write(path, error) from error
    is_whole = False
    try:
        with _partial_file(path) as partial:
            yield partial
            partial.replace(path)
        is_whole = True
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        if not is_whole:
            path.unlink(missing_ok=True)


def close_workbook(book: Workbook) -> None:
    """Write a workbook's file. Raises OSError where it cannot be written, which the library's own error is not."""
    from xlsxwriter.exceptions import FileCreateError

    try:
        book.close()
    except FileCreateError as error:
        raise OSError(None, "the disk is full or the folder cannot be written") from error


@contextmanager
def _partial_file(path: Path) -> Iterator[Path]:
    """Give an empty file beside `path` that nobody else writes to; it goes, unless it was put in its place."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=PARTIAL)
    os.close(descriptor)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _cannot_write(path: Path, error: OSError) -> AuditError:
    return AuditError(
        OUTPUT,
        f"{path} cannot be written: {system_reason(error)}. "
        "Name a file in a folder that is there and that you may write to.",
    )
