"""What a failed or late report leaves beside the runs: a page for people and the same as JSON."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

from audit_lib.errors import system_reason
from audit_lib.schedule.journal import Journal, OccasionState
from audit_lib.schedule.pages import render_page
from audit_lib.schedule.plan import Plan, Report, fill_dates
from audit_lib.whole_files import json_object, write_whole
from audit_lib.words import count, day, period_words

FOLDER = "failures"
WORDS = {"failed": "failed", "late": "has not come", "delivery": "could not be delivered"}


def failure_page(report: Report, as_of: date) -> Path:
    """Return where the page of a report's failure stands."""
    return report.place / FOLDER / f"{report.name}-{as_of.isoformat()}.html"


def write_failure_page(report: Report, as_of: date, plan: Plan, journal: Journal) -> None:
    """Write the page and its JSON; where a full disk does not let it, say so and go on: the message still goes out."""
    state = journal.states()[report.name, as_of]
    if state.failure is None:
        return
    _write(report, as_of, plan, _facts(report, as_of, state))


def resolve_failure_page(report: Report, as_of: date, plan: Plan, journal: Journal) -> None:
    """Have the page of an earlier failure say that the report came after all; one that is damaged stays as it is."""
    state = journal.states()[report.name, as_of]
    facts = json_object(failure_page(report, as_of).with_suffix(".json"))
    if facts and state.runs and not state.failure and facts["resolved_by"] != state.runs[-1].run_id:
        resolved = {"resolved_by": state.runs[-1].run_id, "resolved_at": _instant(state.runs[-1].made_at)}
        _write(report, as_of, plan, facts | resolved)


def give_up_failure_page(report: Report, as_of: date, plan: Plan) -> None:
    """Have the page of an earlier failure say that nobody tries again; one that is damaged stays as it is."""
    if facts := json_object(failure_page(report, as_of).with_suffix(".json")):
        _write(report, as_of, plan, facts | {"is_given_up": True})


def _facts(report: Report, as_of: date, state: OccasionState) -> dict[str, Any]:
    assert state.failure is not None and state.first_failed_at is not None
    period = report.period.on(as_of)
    return {
        "report": report.name,
        "title": report.title,
        "as_of": as_of.isoformat(),
        "status": state.failure.status,
        "exit_code": state.failure.exit_code,
        "message": state.failure.message,
        "period": [end.isoformat() if end else None for end in period],
        "period_by": report.period_by,
        "claims": fill_dates(report.claims, as_of, period),
        "attempt_count": state.attempt_count,
        "first_failed_at": _instant(state.first_failed_at),
        "last_failed_at": _instant(state.failure.at),
        "is_given_up": state.is_given_up,
        "run": state.runs[-1].run_id if state.runs else None,
        "resolved_by": None,
        "resolved_at": None,
    }


def _write(report: Report, as_of: date, plan: Plan, facts: dict[str, Any]) -> None:
    page = failure_page(report, as_of)
    try:
        write_whole(page.with_suffix(".json"), json.dumps(facts, indent=2) + "\n")
        write_whole(page, _html(facts, plan))
    except OSError as error:
        reason = system_reason(error)
        print(f"infusion-audit: the failure page {page} cannot be written: {reason}.", file=sys.stderr)


def _html(facts: dict[str, Any], plan: Plan) -> str:
    rows = [
        ("Report", f"{facts['title']} ({facts['report']})"),
        ("As of", day(facts["as_of"])),
        ("Period", period_words((facts["period"][0], facts["period"][1]), facts["period_by"])),
        ("Claims", facts["claims"]),
        ("Exit code", str(facts["exit_code"])),
        ("Attempts", count(facts["attempt_count"], "attempt")),
        ("First", clock_words(facts["first_failed_at"], plan)),
        ("Last", clock_words(facts["last_failed_at"], plan)),
    ]
    return render_page(
        "failure.html.j2",
        title=f"{facts['title']}: {WORDS[facts['status']]}",
        facts=facts,
        what=WORDS[facts["status"]],
        as_of=day(facts["as_of"]),
        rows=rows,
        resolved_at=clock_words(facts["resolved_at"], plan) if facts["resolved_at"] else "",
    )


def clock_words(at: str | datetime, plan: Plan) -> str:
    """Write an instant in the plan's time zone, as 5 Aug 2025 06:00 MDT."""
    moment = (datetime.fromisoformat(at) if isinstance(at, str) else at).astimezone(plan.zone)
    return f"{day(moment.date())} {moment:%H:%M %Z}"


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
