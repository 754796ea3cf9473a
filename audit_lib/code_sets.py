"""Reads a folder of code lists (CSV), checks them against its `schema.yml`, makes DuckDB tables of them."""

import csv
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from pathlib import Path

import duckdb
import pyarrow as pa

from audit_lib.code_schema import Column, Schema, listed, refusal
from audit_lib.names import with_nearest
from audit_lib.resources import why_unread

Value = str | int | bool | date | None
Row = dict[str, Value]

FIRST_DAY = date(1, 1, 1)
LAST_DAY = date(9999, 12, 31)

_ARROW_TYPES: dict[str, pa.DataType] = {
    "text": pa.string(),
    "code": pa.string(),
    "date": pa.date32(),
    "integer": pa.int64(),
    "yes_no": pa.bool_(),
}
_FORMS = {"date": "a day that exists, as YYYY-MM-DD", "integer": "a whole number", "yes_no": "yes or no"}


@dataclass(frozen=True)
class CodeSets:
    """Checked lists: what each may hold and its rows."""

    schema: Schema
    rows: dict[str, list[Row]]


def read_code_sets(folder: Path, schema: Schema, ignored: Collection[str] = ()) -> CodeSets:
    """Read and check every list that the schema declares; they lie in `folder`, beside those that are ignored.

    Empty validity dates become the first and the last day of the calendar, so that they compare.
    Raises AuditError (10) naming what is wrong in any of them.
    """
    problems = _undeclared(folder, schema, ignored)
    rows: dict[str, list[Row]] = {}
    for name in schema.lists:
        path = folder / f"{name}.csv"
        if path.is_file():
            numbered, found = read_list(path, schema)
            rows[name] = [row for _, row in numbered]
            problems += found
    if problems:
        raise refusal(folder, problems, is_plans=bool(ignored))
    return CodeSets(schema, rows)


def create_tables(connection: duckdb.DuckDBPyConnection, lists: CodeSets) -> dict[str, int]:
    """Make a table of every list and return how many rows each has."""
    for name, rows in lists.rows.items():
        connection.from_arrow(_arrow_table(rows, lists.schema.columns(name))).create(name)
    return {name: len(rows) for name, rows in lists.rows.items()}


def _undeclared(folder: Path, schema: Schema, ignored: Collection[str]) -> list[str]:
    """Compare the CSV files of the folder with the lists that `schema.yml` declares."""
    present = {path.stem for path in folder.glob("*.csv")}
    known = {*schema.lists, *ignored}
    extra = [with_nearest(f"{name}.csv is not declared in schema.yml", name, known) for name in sorted(present - known)]
    missing = [f"{name}.csv is declared in schema.yml but is not there" for name in sorted(set(schema.lists) - present)]
    return extra + missing


def read_list(path: Path, schema: Schema) -> tuple[list[tuple[int, Row]], list[str]]:
    """Read one CSV file into rows of typed values, numbered from the first below the header; say what is wrong."""
    columns = schema.columns(path.stem)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *records = list(csv.reader(file, strict=True)) or [[]]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        why = "it is no CSV file" if isinstance(error, csv.Error) else why_unread(error)
        return [], [f"{path.name} cannot be read: {why}"]
    problems = _header_problems(path.name, header, columns)
    if problems:
        return [], problems
    rows: list[tuple[int, Row]] = []
    for number, record in enumerate(records, start=1):
        if len(record) != len(header):
            problems.append(f"{path.name} row {number} has {len(record)} values, the header names {len(header)}")
            continue
        row, found = _read_row(dict(zip(header, record, strict=True)), columns, schema.patterns)
        problems += [f"{path.name} row {number}: {problem}" for problem in found]
        if not found:
            rows.append((number, row))
    problems += _key_problems(path.name, rows, schema.lists[path.stem].key)
    return rows, problems


def _header_problems(file: str, header: list[str], columns: dict[str, Column]) -> list[str]:
    """Say which columns are missing, unknown or named twice."""
    problems = [f"{file} header: column {name} is missing" for name in columns if name not in header]
    problems += [
        f"{file} header: column {name or '(no name)'} is unknown, allowed are {listed(columns)}"
        for name in dict.fromkeys(header)
        if name not in columns
    ]
    return problems + [f"{file} header: column {name} is named twice" for name in columns if header.count(name) > 1]


def _read_row(cells: dict[str, str], columns: dict[str, Column], patterns: dict[str, str]) -> tuple[Row, list[str]]:
    """Turn one row's texts into values, and say which of them are not allowed."""
    row: Row = {}
    problems = []
    for name, spec in columns.items():
        try:
            row[name] = _read_value(cells[name], spec, patterns)
        except ValueError as error:
            problems.append(f"{name} is {cells[name]!r}, allowed is {error}")
    if not problems:
        row["valid_from"] = row["valid_from"] or FIRST_DAY
        row["valid_to"] = row["valid_to"] or LAST_DAY
        if window(row)[0] > window(row)[1]:
            problems.append("valid_from is after valid_to, allowed is the same day or an earlier one")
    return row, problems


def _read_value(text: str, spec: Column, patterns: dict[str, str]) -> Value:
    """Read one cell; a ValueError says what is allowed."""
    if text == "":
        if spec.required:
            raise ValueError("a value, not an empty cell")
        return None
    if spec.type == "code" and not re.fullmatch(patterns[spec.pattern or ""], text):
        raise ValueError(f"a code of the form {patterns[spec.pattern or '']}")
    value = _typed(text, spec.type)
    if value is None:
        raise ValueError(_FORMS[spec.type])
    if spec.values is not None and value not in spec.values:
        raise ValueError(f"one of {listed(spec.values)}")
    return value


def _typed(text: str, kind: str) -> Value:
    """Return the value that a text stands for, None where it stands for none."""
    if kind == "yes_no":
        return {"yes": True, "no": False}.get(text)
    if kind == "integer":
        return int(text) if re.fullmatch("-?[0-9]{1,18}", text) else None
    if kind == "date":
        try:
            return date.fromisoformat(text) if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
        except ValueError:
            return None
    return text


def _key_problems(file: str, rows: list[tuple[int, Row]], key: list[str]) -> list[str]:
    """Say which rows repeat a key on the same days."""

    def order(item: tuple[int, Row]) -> tuple[list[str], date, date]:
        return [str(item[1][name]) for name in key], *window(item[1])

    problems = []
    for _, group in groupby(sorted(rows, key=order), key=lambda item: order(item)[0]):
        for (first_number, first), (number, row) in pairwise(group):
            if window(row) == window(first):
                fault = "is there twice"
            elif window(row)[0] <= window(first)[1]:
                fault = "is valid twice on some days"
            else:
                continue
            named = ", ".join(f"{name} {row[name]}" for name in key)
            where = f"{file} rows {first_number} and {number}"
            problems.append(f"{where}: {named} {fault}, allowed is one row for each {listed(key)} and day")
    return problems


def window(row: Row) -> tuple[date, date]:
    """Return the first and the last day on which a row counts."""
    first, last = row["valid_from"], row["valid_to"]
    return first if isinstance(first, date) else FIRST_DAY, last if isinstance(last, date) else LAST_DAY


def _arrow_table(rows: list[Row], columns: dict[str, Column]) -> pa.Table:
    """Turn rows into an Arrow table with the types that DuckDB is to see."""
    fields = [pa.field(name, _ARROW_TYPES[spec.type]) for name, spec in columns.items()]
    return pa.Table.from_pylist(rows, schema=pa.schema(fields))
