"""Runs that the journal knows and that are not there any more: deleted by retention, or gone for another reason."""

from __future__ import annotations

from pathlib import Path

from audit_lib.schedule.journal import MadeRun, OccasionState, States
from audit_lib.schedule.plan import Report
from audit_lib.words import day


def is_there(place: Path, run: MadeRun) -> bool:
    """Tell whether a run's folder is there and whole."""
    return (place / run.run_id / "manifest.json").is_file()


def is_gone(place: Path, run: MadeRun, state: OccasionState) -> bool:
    """Tell whether a run's folder is not there though retention did not delete it."""
    return run.run_id not in state.deleted and not is_there(place, run)


def last_gone(states: States, name: str, place: Path) -> MadeRun | None:
    """Return a report's last run where its folder is gone; an earlier one that is gone has a later one to stand in."""
    left = [
        (run, state)
        for (other, _), state in states.items()
        if other == name
        for run in state.runs
        if is_there(place, run) or is_gone(place, run, state)
    ]
    run, state = max(left, key=lambda found: (found[0].as_of, found[0].number), default=(None, None))
    return run if run and state and is_gone(place, run, state) else None


def gone_words(report: Report, run: MadeRun) -> str:
    """Say that a run's folder is gone, and what to do."""
    return (
        f"its run folder is gone: {report.place / run.run_id}, and retention did not delete it. "
        f"Restore it from a copy, or make the report anew: {_anew(report, run)}"
    )


def absence_words(report: Report, state: OccasionState) -> str:
    """Say that the report of a day, which was made, was deleted or is gone; nothing where it is there."""
    left = [run for run in state.runs if is_there(report.place, run) or is_gone(report.place, run, state)]
    what = f"{report.title} as of {day(state.runs[-1].as_of)}"
    if left:
        return f"{what} was made, but {gone_words(report, left[-1])}" if is_gone(report.place, left[-1], state) else ""
    run = state.runs[-1]
    return (
        f"{what} was deleted by retention on {day(state.deleted[run.run_id].date())}: {report.place / run.run_id}. "
        f"To make it anew: {_anew(report, run)}"
    )


def _anew(report: Report, run: MadeRun) -> str:
    return f"infusion-audit report {report.name} --as-of {run.as_of} --force."
