"""Reports in several folders: one that cannot be written keeps no other from its reports, and is told of."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from audit_lib.cli import main
from audit_lib.errors import AuditError
from audit_lib.schedule import work
from audit_lib.schedule.journal import Journal
from audit_lib.schedule.plan import Plan
from audit_lib.schedule.plan_file import read_plan
from audit_lib.schedule.watch import listing, overdue
from audit_lib.schedule.work import Desk, Task
from tests.fake_reports import FakeAudit
from tests.report_plans import NOW, make_due, messages_told, runs_made, weekly_plan

OTHERS = """
  by_hand: {claims: claims.csv, out: blocked}
  other: {claims: claims.csv, period: last_week, due: {every: week, hour: 6}}
"""


@pytest.fixture
def audit(monkeypatch: pytest.MonkeyPatch) -> FakeAudit:
    fake = FakeAudit()
    monkeypatch.setattr("audit_lib.audit.run_audit", fake)
    return fake


def _plan(folder: Path, *lines: str) -> Plan:
    """Return a plan whose first folder of runs, `blocked`, is a file and cannot be written."""
    weekly_plan(folder, "out: blocked", *lines)
    with (folder / "reports.yml").open("a", encoding="utf-8") as file:
        file.write(OTHERS)
    (folder / "blocked").write_text("a file where the folder should be", "utf-8")
    return read_plan(folder / "reports.yml")


def test_a_folder_that_cannot_be_written_keeps_no_other_from_its_reports(
    tmp_path: Path, audit: FakeAudit, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = _plan(tmp_path, "start: 2026-03-09")
    assert [make_due(plan), make_due(plan)] == [14, 14]
    assert runs_made(tmp_path) == ["other-2026-03-16"]
    failed, made, again = messages_told(tmp_path)
    assert failed.startswith("weekly/2026-03-16/0/") and failed.endswith(" failure") and again == failed
    assert made == "other/2026-03-16/other-2026-03-16/success success"
    told = (tmp_path / "told.txt").read_text("utf-8")
    assert "Weekly as of 16 Mar 2026 failed." in told and str(tmp_path / "blocked") in told
    assert "--out" not in told and "Exit code: 14." in told
    assert capsys.readouterr().err.count("Weekly as of 16 Mar 2026 failed.") == 2
    (tmp_path / "blocked").unlink()
    assert make_due(plan) == 0
    assert sorted(audit.made) == ["other-2026-03-16", "weekly-2026-03-09", "weekly-2026-03-16"]


def test_a_command_that_cannot_tell_of_the_folder_is_reported(
    tmp_path: Path, audit: FakeAudit, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = _plan(tmp_path, "on_failure: [sh, -c, 'exit 3']")
    assert make_due(plan) == 14 and runs_made(tmp_path) == ["other-2026-03-16"]
    assert "The on_failure command of weekly ended with 3." in capsys.readouterr().err


def test_what_is_made_is_not_told_as_failed_where_its_holds_cannot_be_read(
    tmp_path: Path, audit: FakeAudit, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = weekly_plan(tmp_path, "start: 2026-03-09", "retention: 1 day")
    assert make_due(plan, NOW - timedelta(days=7)) == 0
    (tmp_path / "runs" / "holds.jsonl").write_text("{", "utf-8")
    assert make_due(plan) == 2
    assert [line.split()[-1] for line in messages_told(tmp_path)] == ["success", "success"]
    assert "holds.jsonl cannot be read" in capsys.readouterr().err


def test_a_journal_that_cannot_be_read_keeps_no_other_folder_from_its_reports(
    tmp_path: Path, audit: FakeAudit, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = _plan(tmp_path)
    (tmp_path / "blocked").unlink()
    read = Journal.events

    def refused(journal: Journal) -> list[dict[str, Any]]:
        if journal.place.name == "blocked":
            raise PermissionError(13, os.strerror(13))
        return read(journal)

    monkeypatch.setattr(Journal, "events", refused)
    assert make_due(plan) == 14 and runs_made(tmp_path) == ["other-2026-03-16"]
    assert [line.split()[-1] for line in messages_told(tmp_path)] == ["failure", "success"]
    told = (tmp_path / "told.txt").read_text("utf-8")
    assert "report_journal.jsonl cannot be read: Permission denied." in told
    [(code, text), *others] = overdue(plan, lambda: NOW)
    assert (code, others) == (14, []) and "report_journal.jsonl cannot be read" in text
    assert [line for line in listing(plan, lambda: NOW) if "cannot be read" in line] == [text]


def test_a_fault_in_one_folder_keeps_no_other_from_its_reports(
    tmp_path: Path, audit: FakeAudit, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = _plan(tmp_path)
    (tmp_path / "blocked").unlink()
    recover = work.recover

    def breaks(desk: Desk, task: Task) -> None:
        if task.report.name == "weekly":
            raise ValueError("MARKERVALUE")
        recover(desk, task)

    monkeypatch.setattr(work, "recover", breaks)
    assert make_due(plan) == 1 and runs_made(tmp_path) == ["other-2026-03-16"]
    assert [line.split()[-1] for line in messages_told(tmp_path)] == ["failure", "success"]
    told = (tmp_path / "told.txt").read_text("utf-8")
    assert "ValueError in work.py" in told and "MARKERVALUE" not in told


def test_claims_that_go_while_they_are_looked_for_have_not_come(
    tmp_path: Path, audit: FakeAudit, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = weekly_plan(tmp_path)
    for module in ("work", "making"):
        monkeypatch.setattr(f"audit_lib.schedule.{module}.matching_files", lambda _: [tmp_path / "uploading.csv"])
    assert make_due(plan) == 0
    assert [line.split()[-1] for line in messages_told(tmp_path)] == []
    assert make_due(plan, NOW + timedelta(hours=12)) == 11
    assert "No claims can be found" in (tmp_path / "told.txt").read_text("utf-8")


def test_messages_that_cannot_be_locked_say_so(
    tmp_path: Path, audit: FakeAudit, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = weekly_plan(tmp_path)
    (tmp_path / "runs" / ".report-messages-lock").mkdir(parents=True)
    assert make_due(plan) == 14 and runs_made(tmp_path) == ["weekly-2026-03-16"]
    assert f"Messages of the reports in {tmp_path / 'runs'} cannot be told: Is a directory." in capsys.readouterr().err


def test_lists_of_runs_are_written_where_they_can_be(
    tmp_path: Path, audit: FakeAudit, capsys: pytest.CaptureFixture[str]
) -> None:
    _plan(tmp_path)
    assert main(["report", "--index", "--config", str(tmp_path / "reports.yml")]) == 14
    said = capsys.readouterr()
    assert said.out == f"List of runs: {tmp_path / 'runs' / 'index.html'}\n"
    assert f"The list of runs {tmp_path / 'blocked' / 'index.html'} cannot be written: " in said.err


def test_a_journal_that_another_call_keeps_locked_is_told_from_one_that_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audit_lib.schedule.journal._WAIT_SECONDS", 0)
    with FileLock(tmp_path / ".report-journal-lock"), pytest.raises(AuditError, match="another call keeps it locked"):
        Journal(tmp_path, lambda: NOW).append("seen", "weekly", NOW.date())
