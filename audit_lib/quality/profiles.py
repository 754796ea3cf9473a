"""What real extracts do: each habit that spoils findings named and measured in lines, claims and dollars."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from sqlglot import exp

from audit_lib.resources import folder
from audit_lib.small_tables import create_table
from audit_lib.whole_files import json_object

_MONTHS = {"service_month": pa.date32(), "line_count": pa.int64(), "claim_count": pa.int64(),
           "paid_amount": pa.decimal128(18, 2)}  # fmt: skip


@dataclass(frozen=True)
class EarlierRun:
    """The newest finished run beside this one that was measured, and its volume by month of service."""

    run_id: str | None = None
    months: list[dict[str, Any]] = field(default_factory=list)


def profile_names() -> list[str]:
    """Return the name of every profile."""
    return sorted(path.stem for path in (folder("sql") / "quality" / "profiles").glob("*.sql"))


def find_earlier_run(place: Path | None, layout: str) -> EarlierRun:
    """Return the newest run under `place` that was made with the same layout and measured its months."""
    found = []
    for path in sorted(place.glob("*/manifest.json")) if place and place.is_dir() else []:
        manifest, quality = json_object(path), json_object(path.with_name("quality.json"))
        if not path.parent.name.startswith(".") and manifest.get("layout") == layout and quality.get("months"):
            found.append((str(manifest.get("created_at")), str(manifest.get("run_id")), quality["months"]))
    return EarlierRun(*max(found, key=lambda run: run[:2])[1:]) if found else EarlierRun()


def load_earlier_months(connection: duckdb.DuckDBPyConnection, earlier: EarlierRun) -> None:
    """Create `earlier_months`, which a profile joins."""
    rows = [
        {
            "service_month": date.fromisoformat(month["service_month"]),
            "line_count": month["line_count"],
            "claim_count": month["claim_count"],
            "paid_amount": Decimal(month["paid_amount"]),
        }
        for month in earlier.months
    ]
    create_table(connection, "earlier_months", _MONTHS, rows)


def collect_profiles(connection: duckdb.DuckDBPyConnection) -> None:
    """Gather what the profiles measured.

    `data_profiles`: name, line_count, claim_count, paid_amount, population_count, line_percent (of the population).
    The profiles of months count months as lines, and no claims; null is what nobody knows.
    `profile_percents`: one row, line_percent in a column per profile; null where there was nothing to look at.
    """
    connection.execute(
        "create table data_profiles (name varchar, line_count bigint, claim_count bigint, paid_amount decimal(18, 2), "
        "population_count bigint, line_percent double)"
    )
    for name in profile_names():
        percent = exp.column("line_count") * exp.Literal.number(100) / exp.func("nullif", "population_count", "0")
        columns = ["line_count", "claim_count", "paid_amount", "population_count"]
        query = exp.select(exp.Literal.string(name), *columns, percent).from_(name)
        insert = exp.Insert(this=exp.to_table("data_profiles"), expression=query)
        connection.execute(insert.sql("duckdb"))
    _create_percents(connection)


def _create_percents(connection: duckdb.DuckDBPyConnection) -> None:
    columns = [
        exp.alias_(
            exp.Filter(
                this=exp.func("max", exp.column("line_percent")),
                expression=exp.Where(this=exp.column("name").eq(exp.Literal.string(name))),
            ),
            name,
        )
        for name in profile_names()
    ]
    table = exp.Create(
        this=exp.to_table("profile_percents"), kind="TABLE", expression=exp.select(*columns).from_("data_profiles")
    )
    connection.execute(table.sql("duckdb"))


def steps_wanted() -> Iterable[str]:
    """Return the tables of `sql/quality` that the suites and `quality.json` read."""
    return [*profile_names(), "month_volumes"]
