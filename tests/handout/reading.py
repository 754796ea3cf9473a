"""Runs to hand findings out of, and exports read back."""

from __future__ import annotations

import csv
import json
import shutil
import zipfile
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import openpyxl

from audit_lib.cli import main

Export = Callable[..., Path]
Decide = Callable[..., Path]
CLAIMS_HEADER = (
    "claim_id,claim_line_number,member_id,claim_line_start_date,claim_line_end_date,hcpcs_code,service_unit_quantity,"
    "paid_amount,billing_tin,place_of_service_code,paid_date"
)
DAY = "2025-08-04"
# Member m has no drug: the whole per diem was overpaid.
CONTINGENT = ["A 1 m S9500 90.00 111111111", "A 2 m A4222 200.00 111111111", "B 1 n A4222 7.00 111111111",
              "B 2 n S9500 80.00 111111111", "B 3 n J0690 30.00 111111111"]  # fmt: skip


def audited(place: Path, rows: Iterable[str], *words: str, name: str = "r") -> Path:
    """Audit rows drawn as `claim line member code paid tin [from] [place] [units]`, and return the run.

    A dash stands for no TIN.
    """
    lines = [CLAIMS_HEADER]
    for row in rows:
        claim, line, member, code, paid, tin, first, where, units = (
            row.split() + [DAY, "12", "1"][len(row.split()) - 6 :]
        )
        lines.append(
            f"{claim},{line},{member},{first},{first},{code},{units},{paid},{tin.strip('-')},{where},2025-09-01"
        )
    (place / "claims.csv").write_text("\n".join(lines) + "\n", "utf-8")
    command = ["run", "--claims", str(place / "claims.csv"), "--out", str(place / "runs"), "--run-id", name]
    assert main([*command, "--no-reports", "--no-quality", *words]) == 0
    return place / "runs" / name


@cache
def opened(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path, data_only=True)


def table(path: Path, sheet: str) -> list[dict[str, Any]]:
    """Read a sheet of one table back: its header is the third row."""
    rows = list(opened(path)[sheet].iter_rows(min_row=3, values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def csv_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def manifest(export_folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((export_folder / "export.json").read_text("utf-8"))
    return found


def with_recovery(run: Path, target: Path, statuses: dict[str, tuple[str, str | None]]) -> Path:
    """Copy a run and give findings, by rule, a recovery status and a last day."""
    shutil.copytree(run, target)
    days = {rule: f"date '{day}'" if day else "null" for rule, (_, day) in statuses.items()}
    values = ", ".join(f"('{rule}', '{status}', {days[rule]})" for rule, (status, _) in statuses.items())
    duckdb.sql(
        f"""
        select finding_id, coalesce(status, 'unknown') as recovery_status, last_day as recover_by_date
        from '{run / "findings.parquet"}' left join (values {values}) as t (rule, status, last_day) using (rule)
        """
    ).write_parquet(str(target / "recovery.parquet"))
    return target


def all_text(path: Path) -> str:
    """Return every word of a workbook, its properties included."""
    with zipfile.ZipFile(path) as book:
        return "\n".join(book.read(name).decode("utf-8") for name in book.namelist())
