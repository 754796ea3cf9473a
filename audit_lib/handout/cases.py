"""An export of cases: what a case-management tool must learn since the last one, as CSV and JSON."""

from __future__ import annotations

import csv
import json
import tempfile
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from audit_lib.handout.export import (
    MANIFEST,
    describe_export,
    describe_file,
    export_folder,
    refuse_what_if,
    sender_cautions,
)
from audit_lib.handout.tables import check_totals, handout_tables
from audit_lib.holds import place_hold
from audit_lib.ledger.case_exports import LastExport, exported_rows, last_export, number_of_run, record_export
from audit_lib.ledger.store import Ledger, open_ledger, scratch_folder
from audit_lib.resources import folder, from_yaml
from audit_lib.run import Run
from audit_lib.run_folder import check_target, whole_or_absent
from audit_lib.safe_text import csv_text
from audit_lib.small_tables import as_dicts, json_value

_TABLES = ["line_demands", "case_finding_changes", "case_changes", "case_balance"]
Row = dict[str, Any]


@dataclass(frozen=True)
class CaseExport:
    """What changed since the last export, and where it stands: nowhere where nothing changed."""

    path: Path | None
    last: LastExport | None
    cases: list[Row]
    findings: list[Row]
    balance: Row
    cautions: list[str]


def export_cases(
    run: Run, ledger_path: Path, out: Path | None = None, say: Callable[[str], None] | None = None
) -> CaseExport:
    """Write the cases of a run that changed since the last export, and have the ledger remember them.

    The ledger is kept from everybody else meanwhile, and records the export once its folder is whole. Killed between
    the two, the next export tells the same again. `say` is told where the ledger must be waited for.
    Raises AuditError: 2 where the run is a what-if, is not recorded in the ledger or older than the last one exported,
    or where its files do not add up; 14 where something cannot be written; 15 where another process keeps the ledger.
    """
    refuse_what_if(run)
    made_at = datetime.now(UTC)
    target = export_folder(run, out, f"{made_at:%Y%m%dT%H%M%SZ}-cases")
    check_target(target, "export")
    with ExitStack() as kept:
        ledger = kept.enter_context(open_ledger(ledger_path, say=say, must_exist=True))
        last = last_export(ledger)
        number = number_of_run(ledger, run, last)
        connection = _changes(kept, run, ledger)
        found = CaseExport(
            target, last, _rows(connection, "cases"), _rows(connection, "findings"),
            as_dicts(connection.table("case_balance"))[0], sender_cautions(run),
        )  # fmt: skip
        told = connection.table("case_finding_changes").to_arrow_table()
        exported_at = made_at.isoformat(timespec="seconds")
        if found.findings:
            _write(run, found, made_at)
            record_export(ledger, number, exported_at, target, told)
            return found
        if last is None or number > last.run_number:
            record_export(ledger, number, exported_at, None, told)
        return CaseExport(None, last, [], [], found.balance, found.cautions)


@cache
def case_sheets() -> dict[str, Row]:
    """Return the tables of an export: where each comes from, its order, its columns."""
    declared: dict[str, Row] = from_yaml((folder("sql") / "cases" / "cases.yml").read_text("utf-8"))
    return declared


def _changes(kept: ExitStack, run: Run, ledger: Ledger) -> duckdb.DuckDBPyConnection:
    spill = kept.enter_context(tempfile.TemporaryDirectory(dir=scratch_folder(ledger.path)))
    known: dict[str, pa.Table] = {"exported_rows": exported_rows(ledger)}
    as_of = date.fromisoformat(run.manifest["as_of"])
    connection = kept.enter_context(handout_tables(run, as_of, Path(spill), _TABLES, known=known))
    check_totals(connection, run)
    return connection


def _write(run: Run, found: CaseExport, made_at: datetime) -> None:
    assert found.path
    with whole_or_absent(found.path, "export") as partial:
        for name in case_sheets():
            _write_csv(partial / f"{name}.csv", case_sheets()[name]["columns"], getattr(found, name))
        facts = {
            **describe_export(run, made_at, date.fromisoformat(run.manifest["as_of"])), "for": "cases",
            "previous_run_id": found.last.run_id if found.last else None,
            "previous_exported_at": found.last.exported_at if found.last else None,
        }  # fmt: skip
        _write_json(partial / "cases.json", {**facts, "cases": _nested(found)})
        files = [describe_file(path, partial) for path in sorted(partial.iterdir())]
        told = {"totals": _told(found.balance), "cautions": found.cautions, "files": files}
        _write_json(partial / MANIFEST, {**facts, **told})
        place_hold(run.folder, f"exported as cases as {found.path.name}", is_automatic=True)


def _write_csv(path: Path, columns: list[str], rows: list[Row]) -> None:
    with path.open("x", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows({name: _csv_value(value) for name, value in row.items()} for row in rows)


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _nested(found: CaseExport) -> list[Row]:
    """Return each case with its changed findings below it."""
    findings: dict[str, list[Row]] = defaultdict(list)
    for row in found.findings:
        findings[row["case_key"]].append(_told(row))
    return [{**_told(case), "findings": findings[case["case_key"]]} for case in found.cases]


def _rows(connection: duckdb.DuckDBPyConnection, name: str) -> list[Row]:
    sheet = case_sheets()[name]
    return as_dicts(connection.table(sheet["table"]).order(", ".join(sheet["order"])).project(*sheet["columns"]))


def _csv_value(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return csv_text(value) if isinstance(value, str) else json_value(value)


def _told(row: Row) -> Row:
    return {name: json_value(value) for name, value in row.items()}
