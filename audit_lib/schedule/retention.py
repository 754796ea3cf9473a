"""Retention: what of a report's finished runs may go, and how it goes whole."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from audit_lib.errors import OUTPUT, AuditError, system_reason
from audit_lib.holds import is_on_hold, locked_holds
from audit_lib.schedule.absence import is_there
from audit_lib.schedule.journal import Journal, MadeRun
from audit_lib.schedule.keeping import Keeping
from audit_lib.schedule.plan import Report

_LEAVING = ".deleting-"


def apply_retention(report: Report, today: date, journal: Journal) -> list[str]:
    """Delete the report's runs whose time is over, and return their names.

    The last good run stays, and so does every run on hold; without `retention` in the plan nothing goes.
    """
    if report.retention is None:
        return []
    _finish_deletions(report, journal)
    runs = [run for (name, _), state in journal.states().items() if name == report.name for run in state.runs]
    with locked_holds(journal.place):  # nobody may place a hold between the question and the deletion
        over = expired(runs, report.retention, today, journal.place)
        for run in over:
            _delete(run, report.retention, journal)
    return [run.run_id for run in over]


def expired(runs: Iterable[MadeRun], keeping: Keeping, today: date, place: Path) -> list[MadeRun]:
    """Return the runs of one report that may be deleted: never the last good one, never one on hold."""
    there = [run for run in runs if is_there(place, run)]
    last_good = max(there, key=lambda run: (run.as_of, run.number), default=None)
    old = [run for run in there if run.made_at.date() < keeping.first_kept(today) and run != last_good]
    return [run for run in old if not is_on_hold(place / run.run_id)]


def _delete(run: MadeRun, keeping: Keeping, journal: Journal) -> None:
    """Delete one run folder. It loses its name first, so that nobody meets half a run, and is logged before it goes."""
    place, leaving = journal.place / run.run_id, journal.place / f"{_LEAVING}{run.run_id}"
    try:
        place.rename(leaving)
    except OSError as error:
        raise AuditError(
            OUTPUT,
            f"The run folder {place}, which retention is to delete, cannot be deleted: {system_reason(error)}. "
            "Grant write access there; the next call deletes it.",
        ) from error
    journal.append("deleted", run.report, run.as_of, run=run.run_id, kept_for=str(keeping))
    shutil.rmtree(leaving, ignore_errors=True)


def _finish_deletions(report: Report, journal: Journal) -> None:
    """Remove what a stopped deletion left, folders that have lost their name already, and log what was not logged."""
    made = {run.run_id: (run, state) for state in journal.states().values() for run in state.runs}
    for leaving in journal.place.glob(f"{_LEAVING}*"):
        run, state = made.get(leaving.name.removeprefix(_LEAVING), (None, None))
        if run and state and run.run_id not in state.deleted:
            kept_for = str(report.retention) if run.report == report.name else ""
            journal.append("deleted", run.report, run.as_of, run=run.run_id, kept_for=kept_for)
        shutil.rmtree(leaving, ignore_errors=True)
