"""A quarter of hourly calls: missed days, crashes, a full disk, changed and missing claims; each report once."""

from __future__ import annotations

import errno
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from audit_lib.schedule.calls import run_due
from audit_lib.schedule.journal import Journal
from audit_lib.schedule.plan import Plan
from audit_lib.schedule.plan_file import read_plan
from tests.fake_reports import CHANGED, FakeAudit

ROOT = Path(__file__).parent.parent
FIRST, LAST = datetime(2026, 1, 1, 0, 5, tzinfo=UTC), datetime(2026, 3, 31, 23, 5, tzinfo=UTC)
PLAN = """
time_zone: America/Denver
on_success: [sh, -c, 'cat >> successes.txt; echo "id $INFUSION_AUDIT_MESSAGE_ID" >> successes.txt']
on_failure: [sh, -c, 'cat >> failures.txt; echo "id $INFUSION_AUDIT_MESSAGE_ID" >> failures.txt']
reports:
  daily:
    claims: in/daily.csv
    period: month_to_date
    due: {every: day, hour: 2}
    start: 2026-01-01
    settled_minutes: 0
  weekly:
    claims: in/week_{as_of:%Y%m%d}.csv
    period: last_week
    due: {every: week, day: monday}
    start: 2026-01-01
    settled_minutes: 0
  monthly: {claims: in/*.csv, period: last_month, due: {every: month, day: 5}, start: 2026-01-01, settled_minutes: 0}
"""
MONDAYS = [date(2026, 1, 5) + timedelta(days=7 * week) for week in range(13)]
DAYS = [date(2026, 1, 1) + timedelta(days=number) for number in range(90)]
EXPECTED = {
    *(f"daily-{day}" for day in DAYS),
    *(f"weekly-{day}" for day in MONDAYS),
    *(f"monthly-2026-0{month}-05" for month in (1, 2, 3)),
}
MISSED = (datetime(2026, 1, 20, tzinfo=UTC), datetime(2026, 1, 24, 12, tzinfo=UTC))
HALF_KILLED, WHOLE_KILLED = datetime(2026, 2, 3, 9, 5, tzinfo=UTC), datetime(2026, 2, 12, 9, 5, tzinfo=UTC)
DISK_FULL = (datetime(2026, 2, 20, 9, tzinfo=UTC), datetime(2026, 2, 21, 3, tzinfo=UTC))
CHANGES_WHILE_READ = datetime(2026, 3, 3, 9, 5, tzinfo=UTC)
LATE_WEEK = MONDAYS[9]


def test_a_quarter_gives_each_report_once_and_each_failure_one_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, audit = _plan(tmp_path), FakeAudit()
    monkeypatch.setattr("audit_lib.audit.run_audit", audit)
    _let_a_full_disk_refuse_everything(monkeypatch, audit, tmp_path / "runs")
    codes: Counter[int] = Counter()
    for now in _hours():
        _deliver_claims(tmp_path, now)
        audit.is_disk_full = DISK_FULL[0] <= now < DISK_FULL[1]
        audit.changes_while_read = now == CHANGES_WHILE_READ
        if now in (HALF_KILLED, WHOLE_KILLED):
            _kill_while_it_works(tmp_path, now, "half" if now == HALF_KILLED else "whole")
        else:
            codes[run_due(plan, lambda now=now: now)] += 1
    runs = tmp_path / "runs"
    assert sum(codes.values()) > 2_000
    assert {path.parent.name for path in runs.glob("*/manifest.json")} == EXPECTED
    assert set(audit.made.values()) == {1}
    assert EXPECTED - set(audit.made) == {"daily-2026-02-12"}, "made by the process that was killed when it was whole"
    states = Journal(runs, lambda: LAST).states()
    assert {run.run_id for state in states.values() for run in state.runs} == EXPECTED
    assert [len(state.runs) for state in states.values() if state.runs] == [1] * len(EXPECTED)
    assert not list(runs.glob(".partial-*")) and not any(state.started or state.failure for state in states.values())
    assert Counter(_ids(tmp_path / "successes.txt")) == Counter(
        f"{name.removesuffix(name[-11:])}/{name[-10:]}/{name}/success" for name in EXPECTED
    )
    _check_failures(tmp_path / "failures.txt")
    assert set(codes) == {0, 11, 14}
    assert codes[14] == (DISK_FULL[1] - DISK_FULL[0]) // timedelta(hours=1)


def _check_failures(path: Path) -> None:
    text = path.read_text("utf-8")
    ids = _ids(path)
    assert len(ids) == len(set(ids)) == 4, "a crash, a full disk, claims that changed, claims that did not come"
    assert [message_id.rsplit("/", 2)[0] for message_id in ids] == [
        "daily/2026-02-03",
        "daily/2026-02-20",
        "daily/2026-03-03",
        f"weekly/{LATE_WEEK}",
    ]
    assert "ended without a word" in text and "No space left on device" in text and CHANGED in text
    assert f"week_{LATE_WEEK:%Y%m%d}.csv" in text


def _plan(folder: Path) -> Plan:
    (folder / "in").mkdir()
    (folder / "reports.yml").write_text(PLAN, "utf-8")
    return read_plan(folder / "reports.yml")


def _hours() -> list[datetime]:
    hours = [FIRST + timedelta(hours=number) for number in range((LAST - FIRST) // timedelta(hours=1) + 1)]
    return [hour for hour in hours if not MISSED[0] <= hour < MISSED[1]]


def _deliver_claims(folder: Path, now: datetime) -> None:
    """Let the claims change every noon, after the day's report was made, and a week's file come that Sunday."""
    if now.hour == 12 or now == FIRST or now.date() != (now - timedelta(hours=1)).date():
        (folder / "in" / "daily.csv").write_text(f"claims as of {now}\n", "utf-8")
    for monday in MONDAYS:
        comes = datetime(monday.year, monday.month, monday.day, tzinfo=UTC) + timedelta(
            hours=72 if monday == LATE_WEEK else -10
        )
        path = folder / "in" / f"week_{monday:%Y%m%d}.csv"
        if now >= comes and not path.exists():
            path.write_text(f"week of {monday}\n", "utf-8")


def _kill_while_it_works(folder: Path, now: datetime, where: str) -> None:
    mark = folder / f"reached-{where}"
    environment = os.environ | {"STOP_AT": where, "STOP_MARK": str(mark)}
    words = [sys.executable, "-m", "tests.fake_reports", str(folder / "reports.yml"), now.isoformat()]
    process = subprocess.Popen(words, cwd=ROOT, env=environment)
    while not mark.exists() and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL


def _let_a_full_disk_refuse_everything(monkeypatch: pytest.MonkeyPatch, audit: FakeAudit, runs: Path) -> None:
    """On a full disk only what the journal keeps in reserve makes room."""
    write, opened = os.write, os.open
    journal, reserve = runs / "report_journal.jsonl", runs / ".report-journal-reserve"

    def full_write(descriptor: int, data: bytes) -> int:
        ours = {path.stat().st_ino for path in (journal, reserve) if path.exists()}
        if audit.is_disk_full and reserve.exists() and os.fstat(descriptor).st_ino in ours:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(descriptor, data)

    def full_open(path: str | Path, flags: int, *rest: Any, **more: Any) -> int:
        if audit.is_disk_full and str(path).endswith((".html", ".json")):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return opened(path, flags, *rest, **more)

    monkeypatch.setattr("audit_lib.schedule.journal.os.write", full_write)
    monkeypatch.setattr("audit_lib.whole_files.os.open", full_open)


def _ids(path: Path) -> list[str]:
    return re.findall(r"^id (.+)$", path.read_text("utf-8"), flags=re.MULTILINE)
