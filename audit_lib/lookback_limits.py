"""The plan's table of lookback limits (setting `lookback_limits`): until when money can be demanded back."""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import duckdb
import pyarrow as pa
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from audit_lib.names import with_nearest
from audit_lib.resources import folder
from audit_lib.settings_rows import read_table, refuse_rows, word_key
from audit_lib.small_tables import create_table


def _word(value: object) -> object:
    return word_key(value) if isinstance(value, str) else value


def _state(value: object) -> object:
    if isinstance(value, str):
        code = value.upper()
        if code not in _states():
            raise ValueError("must be the two letters of a US state or territory")
        return code
    return value


def _names(value: object) -> object:
    return [name.strip() for name in value.split(";") if name.strip()] if isinstance(value, str) else value


class LookbackLimit(BaseModel):
    """One row: how many months after payment or service a line of business, a state or both can be asked back."""

    model_config = ConfigDict(extra="forbid")
    line_of_business: Annotated[str | None, BeforeValidator(_word)] = None
    state: Annotated[str | None, BeforeValidator(_state)] = None
    months: int = Field(ge=1, le=1200)
    counted_from: Literal["paid", "service"]
    exempt_rules: Annotated[list[str], BeforeValidator(_names)] = []
    citation: str = Field(min_length=1)


def read_lookback_limits(path: Path | None, known_rules: list[str]) -> list[dict[str, Any]]:
    """Return the rows of the table in their order, none where no table is set.

    Raises AuditError (2) naming every row that is wrong, names an unknown rule or repeats another.
    """
    if path is None:
        return []
    rows = [row.model_dump() for row in read_table(path, LookbackLimit)]
    problems = [
        with_nearest(f"row {number}: there is no rule {name!r}", name, known_rules)
        for number, row in enumerate(rows, start=1)
        for name in row["exempt_rules"]
        if name not in known_rules
    ]
    refuse_rows(path, problems + _repeats(rows))
    return rows


def _repeats(rows: list[dict[str, Any]]) -> list[str]:
    first: dict[tuple[str | None, str | None], int] = {}
    problems = []
    for number, row in enumerate(rows, start=1):
        place = first.setdefault((row["line_of_business"], row["state"]), number)
        if place != number:
            problems.append(f"row {number} is for the same line of business and state as row {place}")
    return problems


def load_lookback_limits(connection: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]]) -> None:
    """Create `lookback_limits` and `lookback_exemptions` (a row per limit and rule), both empty without a table."""
    limits = [{"limit_row": number, **row} for number, row in enumerate(rows, start=1)]
    types = {
        "limit_row": pa.int64(), "line_of_business": pa.string(), "state": pa.string(), "months": pa.int64(),
        "counted_from": pa.string(), "citation": pa.string(),
    }  # fmt: skip
    create_table(connection, "lookback_limits", types, limits)
    exemptions = [{"limit_row": limit["limit_row"], "rule": rule} for limit in limits for rule in limit["exempt_rules"]]
    create_table(connection, "lookback_exemptions", {"limit_row": pa.int64(), "rule": pa.string()}, exemptions)


def load_clock(connection: duckdb.DuckDBPyConnection, as_of: date) -> None:
    """Create `clock`: one row, the day that the run takes as today. No rule may read it."""
    create_table(connection, "clock", {"as_of": pa.date32()}, [{"as_of": as_of}])


@cache
def _states() -> frozenset[str]:
    with (folder("sql") / "code_sets" / "us_states.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["code"] for row in csv.DictReader(file))
