"""Reads a folder of code lists (CSV), checks them against its `schema.yml`, makes DuckDB tables of them."""

import csv
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any, Literal

import duckdb
import pyarrow as pa
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from audit_lib.errors import BAD_RULE, AuditError
from audit_lib.resources import TwiceError, from_yaml
from audit_lib.words import count

Value = str | int | bool | date | None
Row = dict[str, Value]

FIRST_DAY = date(1, 1, 1)
LAST_DAY = date(9999, 12, 31)
_SHOWN = 10

_ARROW_TYPES: dict[str, pa.DataType] = {
    "text": pa.string(),
    "code": pa.string(),
    "date": pa.date32(),
    "integer": pa.int64(),
    "yes_no": pa.bool_(),
}
_FORMS = {"date": "a day that exists, as YYYY-MM-DD", "integer": "a whole number", "yes_no": "yes or no"}


class Column(BaseModel):
    """What a column may hold."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["text", "code", "date", "integer", "yes_no"]
    required: bool = True
    pattern: str | None = None
    values: list[str | int] | None = None


class CodeList(BaseModel):
    """One list: what it is for, what makes a row unique, and the columns besides the common ones."""

    model_config = ConfigDict(extra="forbid")

    purpose: str
    key: list[str]
    columns: dict[str, Column]


class Schema(BaseModel):
    """The whole of `schema.yml`."""

    model_config = ConfigDict(extra="forbid")

    patterns: dict[str, str]
    common_columns: dict[str, Column]
    lists: dict[str, CodeList]

    def columns(self, name: str) -> dict[str, Column]:
        """Return all columns of a list, its own and the common ones."""
        return self.lists[name].columns | self.common_columns


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
        raise refusal(folder, problems)
    return CodeSets(schema, rows)


def create_tables(connection: duckdb.DuckDBPyConnection, lists: CodeSets) -> dict[str, int]:
    """Make a table of every list and return how many rows each has."""
    for name, rows in lists.rows.items():
        connection.from_arrow(_arrow_table(rows, lists.schema.columns(name))).create(name)
    return {name: len(rows) for name, rows in lists.rows.items()}


def read_schema(folder: Path, base: Schema | None = None) -> Schema:
    """Read the folder's `schema.yml`; on a base it needs to say only what is its own.

    Raises AuditError (10) where it cannot be read, or a declaration in it points nowhere.
    """
    path = folder / "schema.yml"
    try:
        declared = from_yaml(path.read_text(encoding="utf-8"))
        schema = Schema.model_validate(_on_base(declared, base) if base else declared)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        why = str(error) if isinstance(error, TwiceError) else type(error).__name__
        raise refusal(folder, [f"schema.yml cannot be read ({why})"]) from error
    except ValidationError as error:
        places = {".".join(map(str, part["loc"])) + ": " + part["msg"] for part in error.errors()}
        raise refusal(folder, [f"schema.yml, {place}" for place in sorted(places)]) from error
    problems = [problem for name in schema.lists for problem in _schema_problems(name, schema)]
    if problems:
        raise refusal(folder, problems)
    return schema


def _on_base(declared: Any, base: Schema) -> Any:
    """Give a schema the common columns of another one, and those of its patterns that it does not set itself."""
    if not isinstance(declared, dict):
        return declared
    inherited = base.model_dump(include={"patterns", "common_columns"})
    return {**inherited, **declared, "patterns": inherited["patterns"] | (declared.get("patterns") or {})}


def _schema_problems(name: str, schema: Schema) -> list[str]:
    """Say what in a list's declaration points nowhere."""
    columns = schema.columns(name)
    where = f"schema.yml, list {name}"
    problems = [
        f"{where}: the key names {key}, which is no column" for key in schema.lists[name].key if key not in columns
    ]
    for column, spec in columns.items():
        if spec.type == "code" and spec.pattern not in schema.patterns:
            problems.append(f"{where}: column {column} needs a pattern out of {_listed(schema.patterns)}")
    if not re.fullmatch("[a-z][a-z0-9_]*", name):
        problems.append(f"{where}: a list's name is lower case letters, digits and _")
    return problems


def _undeclared(folder: Path, schema: Schema, ignored: Collection[str]) -> list[str]:
    """Compare the CSV files of the folder with the lists that `schema.yml` declares."""
    present = {path.stem for path in folder.glob("*.csv")}
    extra = [f"{name}.csv is not declared in schema.yml" for name in sorted(present - set(schema.lists) - set(ignored))]
    missing = [f"{name}.csv is declared in schema.yml but is not there" for name in sorted(set(schema.lists) - present)]
    return extra + missing


def read_list(path: Path, schema: Schema) -> tuple[list[tuple[int, Row]], list[str]]:
    """Read one CSV file into numbered rows of typed values, and say what is wrong with it."""
    columns = schema.columns(path.stem)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *records = list(csv.reader(file, strict=True)) or [[]]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        return [], [f"{path.name} cannot be read as CSV in UTF-8 ({type(error).__name__})"]
    problems = _header_problems(path.name, header, columns)
    if problems:
        return [], problems
    rows: list[tuple[int, Row]] = []
    for number, record in enumerate(records, start=2):
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
    problems = [f"{file} row 1: column {name} is missing" for name in columns if name not in header]
    problems += [
        f"{file} row 1: column {name or '(no name)'} is unknown, allowed are {_listed(columns)}"
        for name in dict.fromkeys(header)
        if name not in columns
    ]
    return problems + [f"{file} row 1: column {name} is named twice" for name in columns if header.count(name) > 1]


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
        raise ValueError(f"one of {_listed(spec.values)}")
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
            problems.append(f"{where}: {named} {fault}, allowed is one row for each {_listed(key)} and day")
    return problems


def window(row: Row) -> tuple[date, date]:
    """Return the first and the last day on which a row counts."""
    first, last = row["valid_from"], row["valid_to"]
    return first if isinstance(first, date) else FIRST_DAY, last if isinstance(last, date) else LAST_DAY


def _arrow_table(rows: list[Row], columns: dict[str, Column]) -> pa.Table:
    """Turn rows into an Arrow table with the types that DuckDB is to see."""
    fields = [pa.field(name, _ARROW_TYPES[spec.type]) for name, spec in columns.items()]
    return pa.Table.from_pylist(rows, schema=pa.schema(fields))


def _listed(names: object) -> str:
    """Join names for a sentence."""
    return ", ".join(map(str, names)) if isinstance(names, (list, dict)) else str(names)


def refusal(folder: Path, problems: list[str]) -> AuditError:
    """Put all problems into the one paragraph that the user reads."""
    shown = "; ".join(problems[:_SHOWN])
    more = f"; and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
    return AuditError(
        BAD_RULE,
        f"The code lists in {folder} cannot be used, {count(len(problems), 'problem')}: {shown}{more}."
        " schema.yml in that folder says what each list may hold; correct the rows named here and run again.",
    )
