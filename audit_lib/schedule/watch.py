"""What a monitor and a person ask: is anything overdue, and what comes when."""

from __future__ import annotations

from datetime import datetime, timedelta

from audit_lib.errors import BAD_CLAIMS, OUTPUT, USAGE, AuditError
from audit_lib.schedule.absence import gone_words, last_gone
from audit_lib.schedule.calls import by_place, occasions_to_make
from audit_lib.schedule.journal import Clock, Failure, Journal, OccasionState, States, standing_failure
from audit_lib.schedule.occasions import Occasion, next_occasion
from audit_lib.schedule.plan import Plan, Report
from audit_lib.schedule.status import WORDS, clock_words
from audit_lib.words import day

_ROW = "{:<28} {:<12} {:<34} {:<24}"


def overdue(plan: Plan, clock: Clock) -> list[tuple[int, str]]:
    """Return, as (exit code, sentence), every report that is overdue, failed, undelivered, untold or gone.

    A folder whose journal cannot be read is one of them. Writes nothing.
    """
    found = []
    for place, reports in by_place(plan):
        try:
            states = Journal(place, clock).states()
        except AuditError as error:
            found.append((error.exit_code, error.message))
            continue
        for report in reports:
            found += _problems(plan, report, states, clock())
    return found


def _problems(plan: Plan, report: Report, states: States, now: datetime) -> list[tuple[int, str]]:
    found, gone = {}, last_gone(states, report.name, report.place)
    for (name, as_of), state in states.items():
        if name != report.name:
            continue
        missed = gone_words(report, gone) if gone and gone.as_of == as_of else ""
        if problem := _noted(state, standing_failure(states, name, as_of), missed):
            found[as_of] = problem
    for occasion in occasions_to_make(plan, report, dict(states), now) if report.due else []:
        state = states[report.name, occasion.as_of]
        if occasion.as_of not in found and _is_overdue(report, occasion, state, now):
            found[occasion.as_of] = (BAD_CLAIMS, _missing(plan, occasion, state))
    return [(code, f"{report.name} as of {as_of}: {text}") for as_of, (code, text) in sorted(found.items())]


def _noted(state: OccasionState, failure: Failure | None, missed: str) -> tuple[int, str] | None:
    if failure is not None:
        return failure.exit_code, f"{WORDS[failure.status]}. {failure.message}"
    if missed:
        return USAGE, missed
    if state.problem:
        return OUTPUT, f"its message was not delivered: the command {state.problem}."
    return None


def _is_overdue(report: Report, occasion: Occasion, state: OccasionState, now: datetime) -> bool:
    is_made = bool(state.runs) or state.is_skipped
    return not is_made and now > occasion.due_at + timedelta(hours=report.grace_hours)


def _missing(plan: Plan, occasion: Occasion, state: OccasionState) -> str:
    due = f"was due {clock_words(occasion.due_at, plan)} and is not there"
    if state.started is None and state.waiting:
        return f"{due}. {state.waiting.message}"
    if state.started is None:
        return f"{due}; nobody tried: see whether the scheduler still calls `infusion-audit report --due`."
    since = clock_words(datetime.fromisoformat(state.started["at"]), plan)
    return f"{due}; an attempt began {since} and has not ended: it runs long, is stuck, or was killed."


def listing(plan: Plan, clock: Clock) -> list[str]:
    """Return one line per report: when it was last made, how it stands, when it is due next."""
    now = clock()
    lines = [_ROW.format("report", "last as of", "state", "next due").rstrip()]
    for place, reports in by_place(plan):
        try:
            states = Journal(place, clock).states()
        except AuditError as error:
            lines.append(error.message)
            continue
        lines += [_line(plan, report, states, now) for report in reports]
    return lines


def _line(plan: Plan, report: Report, states: States, now: datetime) -> str:
    own = {as_of: state for (name, as_of), state in states.items() if name == report.name}
    made = max((as_of for as_of, state in own.items() if state.runs), default=None)
    wrong = [failure for as_of in sorted(own) if (failure := standing_failure(states, report.name, as_of))]
    in_order = "folder is gone" if last_gone(states, report.name, report.place) else "in order"
    state = WORDS[wrong[-1].status] if wrong else in_order if made else "not made yet"
    given_up_count = sum(one.is_given_up for one in own.values())
    state += f"; {given_up_count} given up" if given_up_count else ""
    due = clock_words(next_occasion(report.due, plan.zone, now).due_at, plan) if report.due else "when asked for"
    return _ROW.format(report.name, day(made) if made else "never", state, due).rstrip()
