"""The calls that people and schedulers make: everything due, one report, the index."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from itertools import groupby, islice, takewhile
from pathlib import Path

from filelock import FileLock, Timeout

from audit_lib import words
from audit_lib.errors import FAULT, LOCKED, OUTPUT, USAGE, AuditError, system_reason
from audit_lib.schedule import messages
from audit_lib.schedule.absence import absence_words, is_there
from audit_lib.schedule.index import refresh_index, write_index
from audit_lib.schedule.journal import Clock, Journal, OccasionState, States, fold
from audit_lib.schedule.making import fault, refuse_future
from audit_lib.schedule.occasions import Occasion, occasions_until
from audit_lib.schedule.plan import Plan, Report
from audit_lib.schedule.retention import apply_retention
from audit_lib.schedule.status import give_up_failure_page
from audit_lib.schedule.work import Desk, Task, is_complete, make_again, settle, tell_gone, tell_if_late, tell_stopped
from audit_lib.stopping import is_stopping

MOST_CAUGHT_UP = 100
_LOCK = ".report-lock"


def run_due(plan: Plan, clock: Clock, *, is_quiet: bool = True) -> int:
    """Make every report that is due and not there, oldest first; return 0 or the exit code of the first that failed.

    Safe to call at any time and as often as one likes: what is done is not done again, and what was told is not
    told again. While another call is at work, only what is late is announced. A folder of runs that cannot be written,
    or where the program is at fault, is told of by its reports that are due, and keeps no other folder from its own.
    """
    codes = []
    for place, reports in by_place(plan):
        desk = Desk(plan, Journal(place, clock), is_quiet)
        try:
            codes.append(_work_off_alone(desk, reports))
        except AuditError as error:
            codes.append(_tell_stopped(desk, reports, error))
        except Exception as error:
            if is_stopping():
                raise KeyboardInterrupt from error
            told = AuditError(FAULT, fault(error, "The reports of other folders of runs go on."))
            codes.append(_tell_stopped(desk, reports, told))
    return next((code for code in codes if code), 0)


def run_one(
    plan: Plan, name: str, as_of: date | None, clock: Clock, *, is_forced: bool = False, is_quiet: bool = False
) -> int:
    """Make one report as of a day (its last due day, where none is named), unless it is there already.

    A forced run stands beside the earlier one. Without force, 2 is returned where the earlier one was deleted or is
    gone. Raises AuditError: 2 for an unknown name or a day that has not come,
    15 while another call is at work.
    """
    report = plan.report(name)
    day = as_of or last_day_due(plan, report, clock())
    refuse_future(day, plan.today(clock()))
    desk, task = Desk(plan, Journal(report.place, clock), is_quiet), Task(report, day)
    try:
        with _lock(report.place):
            return _make_one(desk, task, is_forced)
    except Timeout as error:
        raise AuditError(
            LOCKED,
            f"Another call is making reports in {report.place} right now. Wait for it to end, then try again.",
        ) from error


def _make_one(desk: Desk, task: Task, is_forced: bool) -> int:
    before = desk.state(task)
    code = make_again(desk, task) if is_forced else settle(desk, task)
    after = desk.state(task)
    if before.runs and len(before.runs) == len(after.runs) and not code:
        code = _say_made_before(task, after)
    elif after.failure and set(before.tries) == set(after.tries):  # told before: a person who asks is answered again
        print(f"infusion-audit: {after.failure.message}", file=sys.stderr)
    _delete_old(desk, [task.report])
    refresh_index(desk.plan, desk.journal)
    return code


def _say_made_before(task: Task, state: OccasionState) -> int:
    """Say that a report was made before: it is there (0), or it was deleted or is gone and is not made anew (2)."""
    if absence := absence_words(task.report, state):
        print(f"infusion-audit: {absence}", file=sys.stderr)
        return USAGE
    run = [run for run in state.runs if is_there(task.report.place, run)][-1]
    print(
        f"{task.report.title} as of {words.day(task.as_of)} is there already: {task.report.place / run.run_id}\n"
        "To make it again beside that: --force. For another day: --as-of DATE."
    )
    return 0


def _work_off_alone(desk: Desk, reports: list[Report]) -> int:
    try:
        with _lock(desk.journal.place):
            return _work_off(desk, reports)
    except Timeout:
        return _announce_late(desk, reports)


def _tell_stopped(desk: Desk, reports: list[Report], error: AuditError) -> int:
    """Tell what ended the work in a folder: for each of its reports, by the last day that is due and not done."""
    states: States = fold([])
    with suppress(AuditError):  # where the journal cannot be read, whatever is due counts as not done
        states = desk.journal.states()
    tasks = []
    for report in reports:
        occasions = occasions_to_make(desk.plan, report, states, desk.journal.clock())
        tasks += [
            Task(report, occasion.as_of, occasion.due_at)
            for occasion in occasions
            if not is_complete(report, states[report.name, occasion.as_of])
        ][:1]
    for task in tasks:
        tell_stopped(desk, task, states[task.report.name, task.as_of], error)
    if not tasks:
        print(f"infusion-audit: {error.message}", file=sys.stderr)
    return error.exit_code


def _work_off(desk: Desk, reports: list[Report]) -> int:
    states = desk.journal.states()
    for report in reports:
        _note_first_sight(desk, report, states)
    tasks = [task for report in reports for task in open_tasks(desk, report)]
    codes = [
        settle(desk, task, may_make=task.due_at is not None)
        for task in sorted(tasks, key=lambda t: (t.as_of, t.due_at is None))
    ]
    _delete_old(desk, reports)
    codes += [tell_gone(desk, report) for report in reports]
    refresh_index(desk.plan, desk.journal)
    return next((code for code in codes if code), 0)


def open_tasks(desk: Desk, report: Report) -> list[Task]:
    """Return what is left to do of a report, giving up what `catch_up: latest` leaves out."""
    states = desk.journal.states()
    occasions = occasions_to_make(desk.plan, report, states, desk.journal.clock())
    tasks = {
        occasion.as_of: Task(report, occasion.as_of, occasion.due_at)
        for occasion in occasions
        if not is_complete(report, states[report.name, occasion.as_of])
    }
    if report.catch_up == "latest":
        missed = [day for day in sorted(tasks) if day < occasions[0].as_of and not states[report.name, day].runs]
        _give_up(desk, report, [tasks.pop(day) for day in missed])
    _give_up(desk, report, [Task(report, day) for day in _out_of_reach(report, occasions, states)])
    stray = [
        day
        for (name, day), state in list(states.items())
        if name == report.name and (state.runs or state.started) and not is_complete(report, state)
    ]
    return [*tasks.values(), *(Task(report, day) for day in stray if day not in tasks)]


def _out_of_reach(report: Report, occasions: list[Occasion], states: States) -> list[date]:
    """Return the days that failed and lie before the last hundred: no call tries them again."""
    if len(occasions) < MOST_CAUGHT_UP:
        return []
    return sorted(
        day
        for (name, day), state in states.items()
        if name == report.name and day < occasions[-1].as_of and state.failure and not state.runs
        and not state.is_skipped and not state.started
    )  # fmt: skip


def occasions_to_make(plan: Plan, report: Report, states: States, now: datetime) -> list[Occasion]:
    """Return the times that a report was due since its start, at most the last hundred, the latest first."""
    if report.due is None:
        return []
    past = occasions_until(report.due, plan.zone, now)
    seen = [day for (name, day), state in states.items() if name == report.name and state.is_first]
    first = report.start or min(seen, default=None)
    if first is None:
        return list(islice(past, 1))
    return list(islice(takewhile(lambda occasion: occasion.as_of >= first, past), MOST_CAUGHT_UP))


def last_day_due(plan: Plan, report: Report, now: datetime) -> date:
    """Return the day that a report was last due as of; today for a report without a due rule."""
    if report.due is None:
        return plan.today(now)
    return next(occasions_until(report.due, plan.zone, now)).as_of


def by_place(plan: Plan) -> list[tuple[Path, list[Report]]]:
    """Return the folders of runs, each with its reports in the order of the plan."""
    reports = sorted(plan.reports.values(), key=lambda report: str(report.place))
    return [(place, list(found)) for place, found in groupby(reports, key=lambda report: report.place)]


def _note_first_sight(desk: Desk, report: Report, states: States) -> None:
    """Note from which day on a report without `start` counts: the last one due when it was first seen."""
    is_seen = any(name == report.name and state.is_first for (name, _), state in states.items())
    if report.due and not report.start and not is_seen:
        desk.journal.append("seen", report.name, last_day_due(desk.plan, report, desk.journal.clock()))


def _give_up(desk: Desk, report: Report, tasks: list[Task]) -> None:
    """Note once which missed reports are not made up for, and tell so in one message."""
    days = [task.as_of for task in tasks]
    for missed in days:
        desk.journal.append("skipped", report.name, missed)
        give_up_failure_page(report, missed, desk.plan)
    if days:
        messages.tell(messages.skipped(report, days, MOST_CAUGHT_UP), report, desk.plan, desk.journal)


def _announce_late(desk: Desk, reports: list[Report]) -> int:
    """Announce what is late while another call is at work; that one may be stuck."""
    states = desk.journal.states()
    codes = [
        tell_if_late(desk, Task(report, occasion.as_of, occasion.due_at), _UNDER_WAY)
        for report in reports
        for occasion in occasions_to_make(desk.plan, report, states, desk.journal.clock())
        if not states[report.name, occasion.as_of].runs and not states[report.name, occasion.as_of].is_skipped
    ]
    return next((code for code in codes if code), 0)


_UNDER_WAY = (
    "Another call of `infusion-audit report` has been at work since and is not done: it may be on a large file, or be "
    "stuck. Look at it; once it has ended, the next call makes what is missing."
)


def _delete_old(desk: Desk, reports: list[Report]) -> None:
    for report in reports:
        for run_id in apply_retention(report, desk.plan.today(desk.journal.clock()), desk.journal):
            print(f"Deleted {run_id}: older than {report.retention}.")


@contextmanager
def _lock(place: Path) -> Iterator[None]:
    """Keep every other call out of a folder of runs; the system lets go of the lock when its holder dies."""
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = FileLock(place / _LOCK, timeout=0, mode=0o600)
        lock.acquire()
    except Timeout:
        raise
    except OSError as error:
        raise AuditError(
            OUTPUT,
            f"The folder of runs {place} cannot be written: {system_reason(error)}. Make room or grant write access "
            "there, or name another `out` in the plan; until then its reports cannot be made.",
        ) from error
    try:
        yield
    finally:
        lock.release()


def write_indexes(plan: Plan, clock: Clock) -> tuple[list[Path], list[AuditError]]:
    """Write the list of runs in every folder of the plan anew; return their paths, and why others were not written."""
    written, refused = [], []
    for place, _ in by_place(plan):
        try:
            written.append(write_index(plan, Journal(place, clock)))
        except AuditError as error:
            refused.append(error)
    return written, refused
