"""Files that reviewers fill in: a CSV or the first sheet of a workbook, read as text by column name."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from audit_lib.errors import USAGE, AuditError, plain_problem, refusal
from audit_lib.names import with_nearest
from audit_lib.settings_rows import refuse_rows

Row = TypeVar("Row", bound=BaseModel)


@dataclass(frozen=True)
class FilledRow:
    """One row of a file: its number there, counted from 1 after the header, and its values by column."""

    number: int
    values: dict[str, str]


@dataclass(frozen=True)
class FilledFile:
    """A file as it was read: its header, its rows, and the numbers of rows that have more cells than the header."""

    path: Path
    header: list[str]
    rows: list[FilledRow]
    long_rows: list[int]


@dataclass(frozen=True)
class Imported:
    """What an import did: rows recorded now, rows that were there before, rows not filled in.

    Of those recorded now, `outranked_count` do not stand over what was recorded on their findings before, and
    `repeated_count` recover an amount that was recorded as recovered on the same finding and day, told otherwise.
    """

    recorded_count: int
    known_count: int
    unfilled_count: int
    outranked_count: int = 0
    repeated_count: int = 0


@dataclass(frozen=True)
class ParsedRow(Generic[Row]):
    """A filled row as it is meant, and which one it is of the rows of its file that say the same, from 1."""

    number: int
    values: Row
    content: str
    repetition: int


def read_filled(path: Path) -> FilledFile:
    """Read a file that is not empty, values trimmed, empty rows left out.

    Raises AuditError (2) where it cannot be read. Nothing of its content is said.
    """
    try:
        records = _workbook(path) if path.suffix.lower() == ".xlsx" else _csv(path)
    except FileNotFoundError as error:
        raise AuditError(USAGE, f"The file {path} is not there. Check the path.") from error
    except (OSError, ValueError, KeyError, csv.Error) as error:
        raise _unreadable(path) from error
    header = [name.strip() for name in records[0]] if records else []
    rows, long_rows = [], []
    for number, record in enumerate(records[1:], start=1):
        values = [value.strip() for value in record]
        if any(values):
            rows.append(FilledRow(number, {name: value for name, value in zip(header, values, strict=False) if name}))
        if any(values[len(header) :]):
            long_rows.append(number)
    return FilledFile(path, header, rows, long_rows)


def check_columns(file: FilledFile, required: Iterable[str], known: Iterable[str]) -> None:
    """Refuse a header that lacks a column, names one twice or holds one that nobody knows, and rows longer than it.

    A header that may be a row is not quoted. Raises AuditError (2).
    """
    found, needed = file.header, list(required)
    allowed = sorted({*known} - {*needed})
    what_to_do = f"Correct its header: it must have {', '.join(needed)} and may have {', '.join(allowed)}."
    if not {*found} & {*needed}:
        problems = ["its first row names none of the columns that it must have"]
    else:
        problems = _problems_of_names(found, needed, allowed)
    if problems:
        raise refusal(f"The file {file.path} cannot be imported", problems, what_to_do)
    refuse_rows(
        file.path,
        [
            f"row {number} has more cells than the header has names: put a text or an amount with a comma in quotes"
            for number in file.long_rows
        ],
    )


def _problems_of_names(found: list[str], needed: list[str], allowed: list[str]) -> list[str]:
    problems = [f"the column {name} is missing" for name in needed if name not in found]
    problems += [
        f"the column {name} stands there twice" for name, times in Counter(found).items() if times > 1 and name
    ]
    unknown = [name for name in found if name and name not in {*needed, *allowed}]
    return problems + [with_nearest(f"no column is named {name}", name, [*needed, *allowed]) for name in unknown]


def parsed_rows(
    path: Path, rows: list[FilledRow], model: type[Row], names: Iterable[str], day_name: str, as_of: date
) -> list[ParsedRow[Row]]:
    """Read the named columns of rows as `model` means them. Raises AuditError (2) naming every wrong row."""
    found, problems, times = [], [], Counter[str]()
    for row in rows:
        values = {name: row.values[name] for name in names if row.values.get(name)}
        try:
            parsed = model.model_validate(values)
        except ValidationError as error:
            for problem in error.errors():
                column = f"{problem['loc'][0]} " if problem["loc"] else ""
                problems.append(f"row {row.number}, {column}{plain_problem(problem['msg'])}")
            continue
        if getattr(parsed, day_name) > as_of:
            problems.append(f"row {row.number}, {day_name} must not be later than {as_of.isoformat()}")
        content = json.dumps(parsed.model_dump(mode="json"), sort_keys=True)
        times[content] += 1
        found.append(ParsedRow(row.number, parsed, content, times[content]))
    refuse_rows(path, problems)
    return found


def written_day(value: object) -> object:
    """Take a date as it is written, YYYY-MM-DD, for pydantic; a workbook's own dates come in that form too."""
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("must be a date written as YYYY-MM-DD")
    return date.fromisoformat(value)


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
