"""What `index.html` lists: every run and every report that is missing, with what a manager asks of each."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

from audit_lib.schedule import messages
from audit_lib.schedule.absence import gone_words, is_gone, last_gone
from audit_lib.schedule.journal import Failure, Journal, MadeRun, OccasionState, States, standing_failure
from audit_lib.schedule.plan import Plan, Report
from audit_lib.schedule.status import FOLDER, WORDS, clock_words
from audit_lib.schedule.work import previous_run
from audit_lib.words import day, money, period_words

BY_HAND = "Run by hand"
UNTOLD, GONE = "message not delivered", "folder is gone"
FIRST = "first report"
_NOT_COMPARED = "by hand, not compared"  # nothing says which earlier run asked the same
_GIVEN_UP = {
    "latest": "the plan makes up only for the latest (catch_up: latest)",
    "all": "too many are due after it to make up for it",
}


@dataclass(frozen=True)
class Row:
    """One run, or one report that is missing, as the page shows it; amounts in US dollars, written."""

    status: str
    kind: str
    title: str
    as_of: str
    day: date
    period: str
    at: datetime
    made: str
    overpaid: str = ""
    overpaid_change: str = ""
    review: str = ""
    review_change: str = ""
    new_findings: str = ""
    direction: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)
    note: str = ""
    report: str = ""


def run_rows(plan: Plan, journal: Journal, states: States) -> list[Row]:
    """Return a row per run, scheduled or by hand, the latest first."""
    scheduled = {run.run_id: (run, state) for state in states.values() for run in state.runs}
    rows = [_scheduled(plan, journal.place, states, run, state) for run, state in scheduled.values()]
    for path in sorted(journal.place.glob("*/manifest.json")):
        if path.parent.name not in scheduled and not path.parent.name.startswith("."):
            rows += _by_hand(plan, path)
    return sorted(rows, key=lambda row: (row.at, row.day), reverse=True)


def missing_rows(plan: Plan, place: Path, states: States) -> list[Row]:
    """Return a row per report of the plan that failed, is late, gone, undelivered or untold, the latest first."""
    gone = {name: last_gone(states, name, place) for name in plan.reports}
    rows = []
    for (name, as_of), state in states.items():
        if not _is_scheduled(plan, name, place):
            continue
        if (failure := standing_failure(states, name, as_of)) is not None:
            rows.append(_failed(plan, place, name, as_of, failure))
        elif (run := gone[name]) is not None and run.as_of == as_of:
            rows.append(_gone(plan, run))
        elif state.problem:
            rows.append(_untold(plan, place, name, as_of, state))
    return sorted(rows, key=lambda row: (row.at, row.day), reverse=True)


def unscheduled_rows(plan: Plan, place: Path, states: States) -> list[Row]:
    """Return a row per failure of a report that the plan has no more, the latest first: nobody tries it again."""
    rows = [
        replace(_failed(plan, place, name, as_of, failure), kind="quiet")
        for name, as_of in states
        if not _is_scheduled(plan, name, place) and (failure := standing_failure(states, name, as_of)) is not None
    ]
    return sorted(rows, key=lambda row: (row.at, row.day), reverse=True)


def skipped_rows(plan: Plan, place: Path, states: States) -> list[Row]:
    """Return a row per report that was given up: missed or failed, and the plan makes only the latest."""
    return [
        Row(
            status="given up",
            kind="quiet",
            title=_title(plan, name),
            as_of=day(as_of),
            day=as_of,
            period="",
            at=_midnight(as_of),
            made="",
            links=_failure_links(place, name, as_of),
            note=f"{WORDS[state.failure.status] if state.failure else 'missed'}; {_GIVEN_UP[_catch_up(plan, name)]}",
        )
        for (name, as_of), state in sorted(states.items(), reverse=True)
        if state.is_given_up
    ]


def _is_scheduled(plan: Plan, name: str, place: Path) -> bool:
    return name in plan.reports and plan.reports[name].place == place


def _catch_up(plan: Plan, name: str) -> str:
    return plan.reports[name].catch_up if name in plan.reports else "latest"


def _scheduled(plan: Plan, place: Path, states: States, run: MadeRun, state: OccasionState) -> Row:
    previous = previous_run(states, run)
    overpaid = messages.change(run, previous, "net_overpaid_amount")
    review = messages.change(run, previous, "net_review_amount")
    status, kind = _status(place, states, run, state)
    report = plan.reports.get(run.report)
    notes = messages.cautions(report.period_by if report else "service", run, previous)
    notes += [f"made again as {state.runs[-1].run_id}"] if run != state.runs[-1] else []
    notes += [f"delivered to {state.delivered[run.run_id]}"] if run.run_id in state.delivered else []
    return Row(
        status=status,
        kind=kind,
        title=_title(plan, run.report),
        as_of=day(run.as_of),
        day=run.as_of,
        period=period_words(run.period, report.period_by if report else "service"),
        at=run.made_at,
        made=clock_words(run.made_at, plan),
        overpaid=money(Decimal(run.totals["net_overpaid_amount"])),
        overpaid_change=FIRST if overpaid is None else messages.signed(overpaid),
        review=money(Decimal(run.totals["net_review_amount"])),
        review_change=FIRST if review is None else messages.signed(review),
        direction="" if not overpaid else "up" if overpaid > 0 else "down",
        new_findings=_new_findings(place / run.run_id),
        links=_links(place / run.run_id),
        note="; ".join(note.rstrip(".") for note in notes),
        report=run.report,
    )


def _status(place: Path, states: States, run: MadeRun, state: OccasionState) -> tuple[str, str]:
    if run.run_id in state.deleted:
        return f"deleted {day(state.deleted[run.run_id].date())}", "quiet"
    if is_gone(place, run, state):
        return GONE, "bad" if run == last_gone(states, run.report, place) else "quiet"
    return ("replaced", "quiet") if run != state.runs[-1] else ("there", "good")


def _by_hand(plan: Plan, path: Path) -> list[Row]:
    try:
        manifest = json.loads(path.read_text("utf-8"))
        parameters, totals = manifest["parameters"], manifest["totals"]
        at, as_of = datetime.fromisoformat(manifest["created_at"]), date.fromisoformat(manifest["as_of"])
        period = period_words((parameters["from"], parameters["to"]), parameters["period_by"])
        overpaid, review = (money(Decimal(totals[f"net_{name}_amount"])) for name in ("overpaid", "review"))
    except (OSError, ValueError, KeyError, TypeError, ArithmeticError):
        return []
    return [
        Row(
            status="there",
            kind="good",
            title=BY_HAND,
            as_of=day(as_of),
            day=as_of,
            period=period,
            at=at,
            made=clock_words(at, plan),
            overpaid=overpaid,
            overpaid_change=_NOT_COMPARED,
            review=review,
            review_change=_NOT_COMPARED,
            new_findings=_new_findings(path.parent),
            links=_links(path.parent),
            note=path.parent.name,
        )
    ]


def _failed(plan: Plan, place: Path, name: str, as_of: date, failure: Failure) -> Row:
    return Row(
        status=WORDS[failure.status],
        kind="late" if failure.status == "late" else "bad",
        title=_title(plan, name),
        as_of=day(as_of),
        day=as_of,
        period=_period(plan.reports.get(name), as_of),
        at=failure.at,
        made=clock_words(failure.at, plan),
        links=_failure_links(place, name, as_of),
        note=failure.message,
        report=name,
    )


def _gone(plan: Plan, run: MadeRun) -> Row:
    report = plan.reports[run.report]
    words = gone_words(report, run)
    return Row(
        status=GONE,
        kind="bad",
        title=report.title,
        as_of=day(run.as_of),
        day=run.as_of,
        period=period_words(run.period, report.period_by),
        at=run.made_at,
        made=clock_words(run.made_at, plan),
        note=words[0].upper() + words[1:],
        report=run.report,
    )


def _untold(plan: Plan, place: Path, name: str, as_of: date, state: OccasionState) -> Row:
    run = state.runs[-1] if state.runs else None
    at = run.made_at if run else _midnight(as_of)
    return Row(
        status=UNTOLD,
        kind="late",
        title=_title(plan, name),
        as_of=day(as_of),
        day=as_of,
        period=_period(plan.reports.get(name), as_of),
        at=at,
        made=clock_words(at, plan),
        links=_links(place / run.run_id) if run else [],
        note=f"The plan's command for messages {state.problem}.",
        report=name,
    )


def _period(report: Report | None, as_of: date) -> str:
    if report is None:
        return ""
    first, last = report.period.on(as_of)
    written = (first.isoformat() if first else None, last.isoformat() if last else None)
    return period_words(written, report.period_by)


def _title(plan: Plan, name: str) -> str:
    return plan.reports[name].title if name in plan.reports else name


def _midnight(as_of: date) -> datetime:
    return datetime.fromisoformat(f"{as_of.isoformat()}T00:00:00+00:00")


def _failure_links(place: Path, name: str, as_of: date) -> list[tuple[str, str]]:
    page = place / FOLDER / f"{name}-{as_of.isoformat()}.html"
    return [("What failed", _href(page, place))] if page.is_file() else []


def _links(run_folder: Path) -> list[tuple[str, str]]:
    """Return the report pages of a run, each by what it is about."""
    pages = sorted((run_folder / "reports").glob("*.html"))
    return [(_words(page.stem), _href(page, run_folder.parent)) for page in pages]


def _words(stem: str) -> str:
    return stem.lstrip("0123456789_").replace("_", " ").capitalize() or stem


def _href(page: Path, place: Path) -> str:
    return quote(page.relative_to(place).as_posix())


def _new_findings(run_folder: Path) -> str:
    """Return how many findings the ledger had not known before, where the run was entered into one."""
    path = run_folder / "finding_status.parquet"
    if not path.is_file():
        return ""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    try:
        statuses: Any = pq.read_table(path, columns=["status"])["status"]
    except (OSError, ValueError, KeyError):  # a damaged file is no reason to have no list
        return ""
    return f"{pc.sum(pc.equal(statuses, 'new')).as_py() or 0:,}"
