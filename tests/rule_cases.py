"""Given/expect cases of the rules: tables in YAML, run together as one audit per combination of settings.

A case's `given` lists claim lines. An empty cell is a missing value; a column that is left out takes the typical
value of TYPICAL. `provider` stands for a billing TIN: any word, the same word the same provider. Each case has
members, claims and providers of its own, so that hundreds of cases run as one audit.
"""

from __future__ import annotations

import csv
import os
import re
import tempfile
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

from audit_lib.audit import RunOptions, audit_tables
from audit_lib.claims.layouts import read_layout
from audit_lib.claims.reading import read_claims
from audit_lib.claims.sources import find_files, scan_bytes
from audit_lib.engines import open_engine
from audit_lib.local_rules import read_local, rules_in_use
from audit_lib.progress import Progress
from audit_lib.settings import Settings

# A plan's own folder (setting `local`): its cases are then run, with its rules and lists, instead of the shipped ones.
LOCAL = os.environ.get("INFUSION_AUDIT_LOCAL")
FOLDER = Path(LOCAL) / "tests" / "rules" if LOCAL else Path(__file__).parent / "rules"

TYPICAL = {
    "claim_type": "professional",
    "member_id": "member",
    "provider": "supplier",
    "claim_line_start_date": "2025-08-01",
    "hcpcs_code": "99213",
    "service_unit_quantity": "1",
    "paid_amount": "100.00",
    "place_of_service_code": "12",
    "diagnosis_code_1": "L03115",
    "paid_date": "2025-09-15",
    "line_of_business": "commercial",
    "funding": "insured",
    "claim_line_status": "paid",
}
_FOLLOWING = {"claim_line_end_date": "claim_line_start_date", "allowed_amount": "paid_amount"}
_NAMES_OF_CASE = ("claim_id", "original_claim_id", "member_id")


@dataclass(frozen=True)
class Case:
    """One case of one rule."""

    rule: str
    name: str
    given: list[dict[str, str]]
    expect: list[dict[str, str]]
    settings: dict[str, Any] = field(default_factory=dict)
    number: int = 0

    @property
    def id(self) -> str:
        return f"{self.rule} - {self.name}"


def parse_table(text: str) -> list[dict[str, str]]:
    """Read a table drawn with | and -+-; cells are text without the blanks around them."""
    lines = [line for line in text.splitlines() if line.strip() and not re.fullmatch(r"[\s\-+|]+", line)]
    if not lines:
        return []
    header, *rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    rows = [row[:-1] if len(row) == len(header) + 1 and not row[-1] else row for row in rows]
    uneven = [row for row in rows if len(row) != len(header)]
    if uneven:
        raise ValueError(f"a row has {len(uneven[0])} cells, the header {len(header)}: {uneven[0]}")
    return [dict(zip(header, row, strict=True)) for row in rows]


@cache
def load_cases() -> list[Case]:
    """Find every case below tests/rules; the file's stem is the rule."""
    cases: list[Case] = []
    for path in sorted(FOLDER.glob("*/*.yml")):
        for raw in yaml.safe_load(path.read_text("utf-8")):
            given, expect = parse_table(raw["given"]), parse_table(raw.get("expect", ""))
            cases.append(Case(path.stem, raw["name"], given, expect, raw.get("settings", {}), len(cases) + 1))
    return cases


def _input_rows(case: Case) -> list[dict[str, str]]:
    rows = []
    providers: dict[str, str] = {}
    for given in case.given:
        row = {**TYPICAL, **given}
        for column, origin in _FOLLOWING.items():
            row.setdefault(column, row[origin])
        provider = row.pop("provider")
        tin = providers.setdefault(provider, f"{case.number:05d}{len(providers) + 1:04d}") if provider else ""
        row.setdefault("billing_tin", tin)
        for column in _NAMES_OF_CASE:
            if row.get(column):
                row[column] = f"{case.number:05d}-{row[column]}"
        rows.append(row)
    return rows


def options_of(settings: dict[str, Any]) -> RunOptions:
    keys = {key: value for key, value in settings.items() if key not in ("assume_in_force", "from", "to", "period_by")}
    return RunOptions(
        claims="",
        out=Path(),
        settings=Settings.model_validate({"local": LOCAL, **keys}),
        is_assumed_in_force=bool(settings.get("assume_in_force", False)),
        period_from=settings.get("from"),
        period_to=settings.get("to"),
        period_by=settings.get("period_by", "service"),
    )


def write_claims(path: Path, cases: list[Case]) -> None:
    """Write the claim lines of the cases as one claims file."""
    rows = [row for case in cases for row in _input_rows(case)]
    columns = sorted({column for row in rows for column in row} | {"billing_npi"})
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


Outcomes = dict[tuple[int, str], list[dict[str, Any]]]


@cache
def run_cases(settings_key: str) -> Outcomes:
    """Audit all cases with the same settings at once; return the line outcomes by case number and rule."""
    cases = [case for case in load_cases() if yaml.safe_dump(case.settings, sort_keys=True) == settings_key]
    return audit_cases(yaml.safe_load(settings_key), cases)


def audit_cases(settings: dict[str, Any], cases: list[Case], engine: str = "duckdb") -> Outcomes:
    """Audit cases as one, by their rules alone; return the line outcomes by case number and rule."""
    options = replace(options_of(settings), engine=engine, with_quality=False)
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        path = Path(folder) / "cases.csv"
        write_claims(path, cases)
        files = find_files(str(path))
        scan_bytes(files[0])
        counts = read_claims(connection, files, read_layout("canonical"))
        assert counts.rejected == 0, connection.execute("select reason, source_text from rejected_rows").fetchall()
        asked = {case.rule for case in cases}
        rules = [rule for rule in rules_in_use(read_local(options.settings.local)) if rule.name in asked]
        progress = Progress(is_quiet=True)
        with open_engine(options, connection, Path(folder), progress) as opened:
            audit_tables(connection, rules, options, progress, engine=opened, results=["line_outcomes"])
        cursor = connection.execute("select * from line_outcomes order by claim_id, claim_line_number, rule")
        names = [column[0] for column in cursor.description]
        outcomes = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    by_case: Outcomes = {}
    for outcome in outcomes:
        by_case.setdefault((int(outcome["claim_id"][:5]), outcome["rule"]), []).append(outcome)
    return by_case


def outcomes_of(case: Case) -> list[dict[str, Any]]:
    """Return what the case's rule answered on the case's lines."""
    return run_cases(yaml.safe_dump(case.settings, sort_keys=True)).get((case.number, case.rule), [])


def shown(case: Case, outcome: dict[str, Any]) -> dict[str, str]:
    """Write an outcome as the columns that the case expects."""
    columns = list(case.expect[0]) if case.expect else ["claim_id", "claim_line_number", "outcome", "amount"]
    values = {column: _as_text(outcome.get(column)) for column in columns}
    for column in ("claim_id", "related_claim_id"):
        if column in values:
            values[column] = values[column].partition("-")[2]
    return values


def _as_text(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def expected(case: Case) -> list[dict[str, str]]:
    """Return the rows that the case expects; an empty amount means 0.00."""
    rows = [{k: ("0.00" if k == "amount" and not v else v) for k, v in row.items()} for row in case.expect]
    return [{k: (f"{Decimal(v):.2f}" if k == "amount" else v) for k, v in row.items()} for row in rows]
