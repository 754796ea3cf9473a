"""The suites behind the reading, and `quality.json`: counts and dollars, never a value of a row."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import duckdb

from audit_lib.claims.row_counts import RowCounts
from audit_lib.manifest_keys import Quality
from audit_lib.pipeline import load_steps, ordered, run_steps
from audit_lib.progress import Progress
from audit_lib.quality.code_lists import name_empty_lists
from audit_lib.quality.counts import count_missing
from audit_lib.quality.gate import QualityGate
from audit_lib.quality.profiles import EarlierRun, collect_profiles, load_earlier_months, steps_wanted
from audit_lib.quality.results import Result
from audit_lib.quality.suites import read_suite
from audit_lib.resources import folder
from audit_lib.small_tables import json_rows

SCHEMA_VERSION = 1
LEFT_OUT: Quality = {"schema_version": SCHEMA_VERSION, "left_out": True}


def measure_run(gate: QualityGate, earlier: EarlierRun, progress: Progress) -> None:
    """Measure a run whose rules have run: data, then findings. Raises AuditError (12) for a critical failure."""
    measure_data(gate, earlier, progress)
    check_findings(gate, progress)
    gate.stop_if_failed()


def measure_data(gate: QualityGate, earlier: EarlierRun, progress: Progress) -> None:
    """Measure the profiles and check the suites on claims and code lists; `claim_lines` and `clock` must be there."""
    connection = gate.connection
    load_earlier_months(connection, earlier)
    _run_missing_steps(connection, list(steps_wanted()), progress)
    collect_profiles(connection)
    for suite in ("infusion_lines", "code_lists", "code_sets", "profiles"):
        with progress.step(f"quality_{suite}"):
            gate.check(suite)
    gate.results = name_empty_lists(connection, _with_measures(connection, gate.results))


def check_findings(gate: QualityGate, progress: Progress) -> None:
    """Audit the audit: check the findings themselves; the tables of `sql/exposure` must be there."""
    _run_missing_steps(gate.connection, ["checked_findings"], progress)
    with progress.step("quality_findings"):
        gate.check("findings")


def quality_document(gate: QualityGate, counts: RowCounts, earlier: EarlierRun) -> dict[str, Any]:
    """Return what `quality.json` holds."""
    connection = gate.connection
    return {
        "schema_version": SCHEMA_VERSION,
        "left_out": False,
        "gate": gate.as_dict(),
        **count_missing(connection, counts),
        "expectations": [result.as_dict() for result in gate.results],
        "profiles": json_rows(connection, "select * from data_profiles order by name"),
        "months": json_rows(connection, "select * from month_volumes order by service_month"),
        "compared_with_run": earlier.run_id,
    }


def _run_missing_steps(connection: duckdb.DuckDBPyConnection, wanted: list[str], progress: Progress) -> None:
    """Run the steps of `sql/quality`, and those of staging that they rest on and that are not there yet."""
    tables = "select table_name from duckdb_tables() union select view_name from duckdb_views()"
    done = {str(row[0]) for row in connection.execute(tables).fetchall()}
    steps = load_steps(folder("sql") / "staging", folder("sql") / "quality")
    run_steps(connection, [step for step in ordered(steps, wanted) if step.name not in done], progress)


def _with_measures(connection: duckdb.DuckDBPyConnection, results: list[Result]) -> list[Result]:
    """Give the expectations on profiles the lines and dollars that the profile measured, in place of its one row."""
    profiles = {row["name"]: row for row in json_rows(connection, "from data_profiles")}
    of_suite = {e.meta.id: e for e in read_suite("profiles").expectations}
    measured = []
    for result in results:
        if result.suite != "profiles" or result.status == "ERROR":
            measured.append(result)
            continue
        row = profiles[of_suite[result.id].meta.profile]
        measured.append(
            replace(
                result,
                element_count=row["population_count"],
                unexpected_count=row["line_count"],
                unexpected_percent=None if row["line_percent"] is None else round(row["line_percent"], 4),
                paid_amount=row["paid_amount"],
            )
        )
    return measured
