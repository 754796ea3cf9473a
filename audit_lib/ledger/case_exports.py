"""What was told to a case-management tool, remembered in the ledger: which run, and each finding as it was told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from audit_lib.errors import OUTPUT, USAGE, AuditError
from audit_lib.ledger.recording import run_key
from audit_lib.ledger.store import Ledger
from audit_lib.pipeline import load_steps, ordered, run_steps
from audit_lib.progress import Progress
from audit_lib.resources import folder
from audit_lib.run import Run


@dataclass(frozen=True)
class LastExport:
    """The last export of cases: of which run of the ledger, and when."""

    run_number: int
    run_id: str
    exported_at: str


def last_export(ledger: Ledger) -> LastExport | None:
    """Return the last export of cases; None where there was none."""
    rows = ledger.rows(
        """
        select runs.run_number, runs.run_id, case_exports.exported_at
        from ledger.case_exports
        inner join ledger.runs on case_exports.run_number = runs.run_number
        order by case_exports.export_number desc
        limit 1
        """
    )
    return LastExport(*rows[0]) if rows else None


def number_of_run(ledger: Ledger, run: Run, last: LastExport | None) -> int:
    """Return which run of the ledger this is.

    Raises AuditError (2) where the ledger does not know the run, or where cases of a later one were exported.
    """
    rows = ledger.rows("select run_number from ledger.runs where run_key = $key", {"key": run_key(run.manifest)})
    if not rows:
        raise AuditError(
            USAGE,
            f"The run {run.folder} is not recorded in the ledger {ledger.path}, so nobody can say what changed since "
            "the last export. Name the ledger that it was recorded in with --ledger, or audit the claims again with "
            "a ledger.",
        )
    number = int(rows[0][0])
    if last and number < last.run_number:
        raise AuditError(
            USAGE,
            f"Cases of the later run {last.run_id} were exported on {last.exported_at[:10]}: an export of "
            f"{run.folder} would undo them. Export the newest run; nothing was written.",
        )
    return number


def exported_rows(ledger: Ledger) -> pa.Table:
    """Return every finding that was ever exported, as it was exported last."""
    steps = ordered(load_steps(folder("sql") / "ledger"), ["exported_rows"])
    run_steps(ledger.connection, steps, Progress(is_quiet=True))
    return ledger.connection.table("exported_rows").to_arrow_table()


def record_export(ledger: Ledger, run_number: int, exported_at: str, place: Path | None, told: pa.Table) -> None:
    """Record an export that is whole, in one transaction; `place` is None where nothing had changed.

    Raises AuditError (14) where the ledger cannot be written.
    """
    ledger.connection.from_arrow(told).create_view("told_rows")
    row = {"run": run_number, "at": exported_at, "place": ledger.relative(place) if place else None}
    try:
        with ledger.transaction():
            ledger.connection.execute(
                """
                insert into ledger.case_exports
                select coalesce(max(export_number), 0) + 1, $run, $at, $place from ledger.case_exports
                """,
                row,
            )
            ledger.connection.execute(
                """
                insert into ledger.case_export_rows by name
                select (select max(export_number) from ledger.case_exports) as export_number, told_rows.*
                from told_rows
                order by finding_id
                """
            )
    except AuditError as error:
        raise AuditError(
            OUTPUT,
            f"The ledger {ledger.path} could not be written, so it does not know of the export {place or 'made now'}. "
            "Make room or grant write access there and export again; do not import this one and the next both as new: "
            "they tell the same.",
        ) from error
