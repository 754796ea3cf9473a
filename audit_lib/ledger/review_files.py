"""Files that reviewers fill in: a CSV or the first sheet of a workbook, read as text by column name."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from audit_lib.errors import USAGE, AuditError, refusal
from audit_lib.names import with_nearest


@dataclass(frozen=True)
class FilledRow:
    """One row of a file: its number there, counted from 1 after the header, and its values by column."""

    number: int
    values: dict[str, str]


def read_filled(path: Path) -> tuple[list[str], list[FilledRow]]:
    """Return the header and the rows of a file that is not empty, values trimmed, empty rows left out.

    Raises AuditError (2) where it cannot be read. Nothing of its content is said.
    """
    try:
        records = _workbook(path) if path.suffix.lower() == ".xlsx" else _csv(path)
    except FileNotFoundError as error:
        raise AuditError(USAGE, f"The file {path} is not there. Check the path.") from error
    except (OSError, ValueError, KeyError, csv.Error) as error:
        raise _unreadable(path) from error
    header = [name.strip() for name in records[0]] if records else []
    rows = [
        FilledRow(number, {name: value.strip() for name, value in zip(header, record, strict=False) if name})
        for number, record in enumerate(records[1:], start=1)
        if any(value.strip() for value in record)
    ]
    return header, rows


def check_header(path: Path, header: Iterable[str], required: Iterable[str], known: Iterable[str]) -> None:
    """Refuse a header that lacks a column, names one twice, or holds one that nobody knows. Raises AuditError (2)."""
    found, needed = list(header), list(required)
    allowed = sorted({*known} - {*needed})
    problems = [f"the column {name} is missing" for name in needed if name not in found]
    problems += [
        f"the column {name} stands there twice" for name, times in Counter(found).items() if times > 1 and name
    ]
    unknown = [name for name in found if name and name not in {*needed, *allowed}]
    problems += [with_nearest(f"no column is named {name}", name, [*needed, *allowed]) for name in unknown]
    if problems:
        what_to_do = f"Correct its header: it must have {', '.join(needed)} and may have {', '.join(allowed)}."
        raise refusal(f"The file {path} cannot be imported", problems, what_to_do)


def day(text: str) -> date:
    """Read a date written as YYYY-MM-DD; a workbook's own dates come in that form too."""
    return date.fromisoformat(text[:10]) if len(text) >= 10 else date.fromisoformat(text)


def _csv(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, strict=True))


def _workbook(path: Path) -> list[list[str]]:
    from openpyxl import load_workbook

    try:
        with closing(load_workbook(path, read_only=True, data_only=True)) as book:
            return [[_text(value) for value in row] for row in book.worksheets[0].iter_rows(values_only=True)]
    except OSError:
        raise
    except Exception as error:  # a damaged archive fails in many ways, some of them only while its rows are read
        raise _unreadable(path) from error


def _text(value: Any) -> str:
    """Write a cell as a CSV file would hold it; numbers by their digits, not as floating point."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(Decimal(repr(value)))
    return str(value)


def _unreadable(path: Path) -> AuditError:
    return AuditError(
        USAGE,
        f"The file {path} cannot be read: it must be a CSV file in UTF-8 or a workbook (.xlsx) with a header row. "
        "Check the path, or save it again in one of these forms.",
    )
