"""`index.html` beside the runs: what is new, what changed, what failed, and every run with its links."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from audit_lib.errors import OUTPUT, AuditError, sentence, system_reason
from audit_lib.schedule.index_rows import (
    BY_HAND,
    FIRST,
    GONE,
    UNTOLD,
    Row,
    missing_rows,
    run_rows,
    skipped_rows,
    unscheduled_rows,
)
from audit_lib.schedule.journal import Journal
from audit_lib.schedule.occasions import next_occasion
from audit_lib.schedule.pages import render_page
from audit_lib.schedule.plan import Plan, Report
from audit_lib.schedule.status import clock_words
from audit_lib.whole_files import write_whole
from audit_lib.words import count

NAME = "index.html"
_NEW_FOR = timedelta(days=7)
_SHOWN = 60


@dataclass(frozen=True)
class Card:
    """What a manager sees of a report first: its latest run, or that there is none."""

    title: str
    row: Row | None
    is_new: bool
    next_due: str


def refresh_index(plan: Plan, journal: Journal) -> Path | None:
    """Write the page anew where anything has happened since, or a day has gone by; return it if it was written.

    A page that cannot be written is reported and stops nothing.
    """
    path = journal.place / NAME
    try:
        if path.is_file() and _mark(plan, journal) in path.read_text("utf-8")[:2000]:
            return None
        return write_index(plan, journal)
    except (OSError, AuditError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        print(f"infusion-audit: the list of runs {path} is not up to date: {sentence(reason)}", file=sys.stderr)
        return None


def write_index(plan: Plan, journal: Journal) -> Path:
    """Write the page anew and return it. Raises AuditError (14) where it cannot be written."""
    path = journal.place / NAME
    try:
        write_whole(path, index_html(plan, journal))
    except OSError as error:
        raise AuditError(
            OUTPUT,
            f"The list of runs {path} cannot be written: {system_reason(error)}. "
            "Make room or grant write access there.",
        ) from error
    return path


def index_html(plan: Plan, journal: Journal) -> str:
    """Return the page."""
    states, now = journal.states(), journal.clock()
    runs = run_rows(plan, journal, states)
    missing = missing_rows(plan, journal.place, states)
    reports = [report for report in plan.reports.values() if report.place == journal.place]
    cards = [_card(plan, report, runs, now) for report in reports]
    return render_page(
        "index.html.j2",
        title="Audit reports",
        mark=_mark(plan, journal),
        lead=_lead(cards, missing, _recent_by_hand(runs, now)),
        is_bad=bool(missing),
        made=clock_words(now, plan),
        missing=missing,
        cards=sorted(cards, key=lambda card: card.row.at.timestamp() if card.row else 0, reverse=True),
        tables=[
            ("All runs", runs[:_SHOWN], True),
            (f"Older runs ({len(runs) - _SHOWN:,})", runs[_SHOWN:], False),
            ("Given up", skipped_rows(plan, journal.place, states), False),
            ("No longer scheduled", unscheduled_rows(plan, journal.place, states), False),
        ],
        first=FIRST,
        has_new_findings=any(row.new_findings for row in runs),
    )


def _card(plan: Plan, report: Report, runs: list[Row], now: datetime) -> Card:
    own = [row for row in runs if row.report == report.name and row.kind == "good"]
    row = max(own, key=lambda found: (found.day, found.at), default=None)
    due = next_occasion(report.due, plan.zone, now) if report.due else None
    return Card(
        report.title,
        row,
        row is not None and now - row.at <= _NEW_FOR,
        f"Next due {clock_words(due.due_at, plan)}" if due else "Made when asked for",
    )


def _recent_by_hand(runs: list[Row], now: datetime) -> int:
    """Count the runs of the last days that no schedule made."""
    return sum(row.title == BY_HAND and not row.report and now - row.at <= _NEW_FOR for row in runs)


def _lead(cards: list[Card], missing: list[Row], by_hand: int) -> str:
    """Say in a sentence whether anything needs attention, and what is new."""
    fresh = [card for card in cards if card.is_new]
    news = f"{count(len(fresh), 'scheduled report') if fresh else 'no scheduled report'} new in the last 7 days"
    if by_hand:
        news += f", and {count(by_hand, 'run')} made by hand"
    if not missing:
        return f"Nothing failed; {news}."
    first = missing[0]
    others = f", and {len(missing) - 1} more" if len(missing) > 1 else ""
    return f"{first.title} as of {first.as_of} {_VERBS.get(first.status, first.status)}{others}; {news}."


_VERBS = {UNTOLD: "is there, but its message was not delivered", GONE: "was made, but its folder is gone"}


def _mark(plan: Plan, journal: Journal) -> str:
    """Return the mark by which a page shows what it was made from."""
    events = journal.path.stat().st_size if journal.path.is_file() else 0
    runs = sorted(path.parent.name for path in journal.place.glob("*/manifest.json"))
    titles = sorted((report.name, report.title, str(report.due)) for report in plan.reports.values())
    parts = [events, runs, titles, plan.time_zone, plan.today(journal.clock()).isoformat()]
    return f'<meta name="audit-state" content="{hashlib.sha256(repr(parts).encode()).hexdigest()[:16]}"/>'
