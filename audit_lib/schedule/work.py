"""Brings one report as of one day as far as it can be brought now: made, delivered, told."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import cast

from audit_lib.claims.sources import file_states, matching_files
from audit_lib.errors import BAD_CLAIMS, FAULT, OUTPUT, USAGE, AuditError
from audit_lib.manifest_keys import Manifest
from audit_lib.schedule import messages
from audit_lib.schedule.absence import gone_words, is_there, last_gone
from audit_lib.schedule.delivery import deliver
from audit_lib.schedule.journal import Failure, Journal, MadeRun, OccasionState, States
from audit_lib.schedule.making import STOPPED, claims_mark, claims_pattern, fail, fault, make, run_name, succeed
from audit_lib.schedule.plan import Plan, Report
from audit_lib.schedule.status import clock_words, failure_page, resolve_failure_page
from audit_lib.stopping import is_stopping
from audit_lib.whole_files import json_object


@dataclass(frozen=True)
class Task:
    """One report as of one day; `due_at` is empty where a person asks for it and not its due rule."""

    report: Report
    as_of: date
    due_at: datetime | None = None


@dataclass(frozen=True)
class Desk:
    """What work on the reports of one folder needs."""

    plan: Plan
    journal: Journal
    is_quiet: bool = True

    def state(self, task: Task) -> OccasionState:
        """Return what the journal knows of the task now."""
        return self.journal.states()[task.report.name, task.as_of]


def is_complete(report: Report, state: OccasionState) -> bool:
    """Tell whether nothing is left to do: given up, or made, delivered and told."""
    if state.started is not None:
        return False
    if not state.runs:
        return state.is_skipped
    run = state.runs[-1]
    is_delivered = not is_to_be_delivered(report, run) or run.run_id in state.delivered
    return is_delivered and messages.is_settled(messages.success_id(report, run), state)


def is_to_be_delivered(report: Report, run: MadeRun) -> bool:
    """Tell whether a run is to be delivered: the plan said so when it was made, and still does."""
    return run.is_to_be_delivered and report.deliver is not None


def settle(desk: Desk, task: Task, *, may_make: bool = True) -> int:
    """Make what is due, deliver what is made, tell what is to be told once; return the exit code of what failed."""
    recover(desk, task)
    state = desk.state(task)
    if not state.runs and may_make and (task.due_at is None or not claims_problem(desk, task)):
        make(task.report, task.as_of, desk.plan, desk.journal, is_quiet=desk.is_quiet)
    return _finish(desk, task)


def make_again(desk: Desk, task: Task) -> int:
    """Make a report that may be there already once more, under an id of its own."""
    recover(desk, task)
    code = make(task.report, task.as_of, desk.plan, desk.journal, is_quiet=desk.is_quiet, is_forced=True)
    return _finish(desk, task) or code


def recover(desk: Desk, task: Task) -> None:
    """Come to terms with an earlier call that was stopped: a run that became whole counts, any other attempt failed."""
    state = desk.state(task)
    manifest = _finished(task, state)
    if manifest is not None:
        succeed(task.report, task.as_of, desk.journal, manifest)
    elif state.started is not None:
        fail(task.report, task.as_of, desk.plan, desk.journal, "failed", FAULT, STOPPED)
    if desk.state(task).failure:
        _tell_failure(desk, task)


def _finished(task: Task, state: OccasionState) -> Manifest | None:
    """Return the manifest of a run that is whole though nobody noted so."""
    run_id = state.started["run"] if state.started else run_name(task.report, task.as_of)
    path = task.report.place / run_id / "manifest.json"
    if run_id in {run.run_id for run in state.runs} or not path.is_file():
        return None
    manifest = cast(Manifest, json_object(path))
    return manifest if manifest.get("as_of") == task.as_of.isoformat() and "totals" in manifest else None


def claims_problem(desk: Desk, task: Task) -> str:
    """Say why the claims cannot be audited yet: not there, or still being written; nothing where they can.

    Whether they can be read, and hold a line of the period, the run finds out; where they held none, they are not read
    again before they change.
    """
    pattern = claims_pattern(task.report, task.as_of)
    files = file_states(matching_files(pattern))
    if not files:
        return f"No claims can be found at {pattern}. Put them there; the next call then makes the report."
    newest = max(datetime.fromtimestamp(status.st_mtime, UTC) for status in files.values())
    if abs(desk.journal.clock() - newest) < timedelta(minutes=task.report.settled_minutes):
        return (
            f"The claims at {pattern} are still being written: the report waits until nothing there has changed for "
            f"{task.report.settled_minutes} minutes (settled_minutes)."
        )
    waiting = desk.state(task).waiting
    return waiting.message if waiting and waiting.claims_mark == claims_mark(task.report, task.as_of) else ""


def _finish(desk: Desk, task: Task) -> int:
    """Deliver and tell; return 0 where the report is there as it should be, or may still come."""
    state = desk.state(task)
    if state.failure and state.failure.status != "delivery":
        return _tell_failure(desk, task)
    if not state.runs:
        return tell_if_late(desk, task, "")
    run = state.runs[-1]
    if not is_there(task.report.place, run):
        return 0  # nothing is there to deliver; `tell_gone` tells it
    if is_to_be_delivered(task.report, run) and run.run_id not in state.delivered and not _deliver(desk, task, run):
        return _tell_failure(desk, task)
    resolve_failure_page(task.report, task.as_of, desk.plan, desk.journal)
    return _tell_success(desk, task, run)


def _deliver(desk: Desk, task: Task, run: MadeRun) -> bool:
    assert task.report.deliver is not None
    try:
        to = deliver(task.report.place / run.run_id, task.report.deliver)
    except AuditError as error:
        fail(task.report, task.as_of, desk.plan, desk.journal, "delivery", error.exit_code, error.message)
        return False
    except Exception as error:  # one report that cannot be delivered must not keep the others from being made
        if is_stopping():
            raise KeyboardInterrupt from error
        message = fault(error, "It was not delivered; the run itself is whole.")
        fail(task.report, task.as_of, desk.plan, desk.journal, "delivery", FAULT, message)
        return False
    desk.journal.append("delivered", task.report.name, task.as_of, run=run.run_id, to=str(to))
    return True


def _tell_success(desk: Desk, task: Task, run: MadeRun) -> int:
    states = desk.journal.states()
    delivered_to = states[task.report.name, task.as_of].delivered.get(run.run_id, "")
    message = messages.success(task.report, run, previous_run(states, run), delivered_to)
    return _told(messages.tell(message, task.report, desk.plan, desk.journal))


def _tell_failure(desk: Desk, task: Task) -> int:
    state = desk.state(task)
    assert state.failure is not None
    page = failure_page(task.report, task.as_of)
    message = messages.failure(task.report, task.as_of, state, state.failure, page)
    _told(messages.tell(message, task.report, desk.plan, desk.journal))
    return state.failure.exit_code


def _told(problem: str) -> int:
    if problem:
        print(f"infusion-audit: {problem} The report itself is not touched by that.", file=sys.stderr)
    return OUTPUT if problem else 0


def tell_if_late(desk: Desk, task: Task, under_way: str) -> int:
    """Announce once that a report has not come within its time of grace; 0 while there is time left."""
    state = desk.state(task)
    waits_for = state.waiting.message if state.waiting else ""
    if state.failure is None:
        if task.due_at is None:  # a person asks, and is answered at once
            message = waits_for
        elif desk.journal.clock() <= task.due_at + timedelta(hours=task.report.grace_hours):
            return 0
        else:
            why = under_way or claims_problem(desk, task) or waits_for
            message = f"It was due {clock_words(task.due_at, desk.plan)}. {why}"
        if not message:
            return 0
        fail(task.report, task.as_of, desk.plan, desk.journal, "late", BAD_CLAIMS, message)
    return _tell_failure(desk, task)


def tell_stopped(desk: Desk, task: Task, state: OccasionState, error: AuditError) -> None:
    """Tell that a report's folder ended the work on it; `state` is what could still be read of its journal."""
    failure = Failure(desk.journal.clock(), "failed", error.exit_code, error.message)
    message = messages.failure(task.report, task.as_of, state, failure, None)  # its page stands in the same folder
    _told(messages.tell_unlocked(message, task.report, desk.plan, desk.journal, state))


def tell_gone(desk: Desk, report: Report) -> int:
    """Tell once that the folder of a report's last run is gone; 0 where it is there, or retention deleted it."""
    states = desk.journal.states()
    run = last_gone(states, report.name, report.place)
    if run is None:
        return 0
    words = gone_words(report, run)
    found = Failure(desk.journal.clock(), "gone", USAGE, words[0].upper() + words[1:])
    message = messages.failure(report, run.as_of, states[report.name, run.as_of], found, None)
    _told(messages.tell(message, report, desk.plan, desk.journal))
    return USAGE


def previous_run(states: States, run: MadeRun) -> MadeRun | None:
    """Return the last run of the same report as of the day before this one's."""
    earlier = [
        state.runs[-1]
        for (name, as_of), state in states.items()
        if name == run.report and as_of < run.as_of and state.runs
    ]
    return max(earlier, key=lambda other: other.as_of, default=None)
