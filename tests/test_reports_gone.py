"""Runs that were made and are not there any more: deleted by retention, or gone for another reason."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from audit_lib.schedule.calls import run_one, write_indexes
from audit_lib.schedule.journal import Journal
from audit_lib.schedule.plan import Plan
from audit_lib.schedule.watch import listing, overdue
from tests.fake_reports import FakeAudit
from tests.report_plans import MONDAY, NOW, make_due, messages_told, runs_made, weekly_plan

BEFORE = MONDAY - timedelta(days=7)


@pytest.fixture
def audit(monkeypatch: pytest.MonkeyPatch) -> FakeAudit:
    fake = FakeAudit()
    monkeypatch.setattr("audit_lib.audit.run_audit", fake)
    return fake


@pytest.fixture
def plan(tmp_path: Path, audit: FakeAudit) -> Plan:
    """Two reports that are made; the folder of the later one is then lost."""
    plan = weekly_plan(tmp_path, f"start: {BEFORE}")
    assert make_due(plan) == 0
    shutil.rmtree(tmp_path / "runs" / f"weekly-{MONDAY}")
    return plan


def _index(plan: Plan) -> str:
    [path], refused = write_indexes(plan, lambda: NOW)
    assert refused == []
    return path.read_text("utf-8")


def test_a_run_that_is_gone_is_not_said_to_be_there_and_can_be_made_anew(
    plan: Plan, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run_one(plan, "weekly", None, lambda: NOW) == 2
    said = capsys.readouterr()
    assert "is there already" not in said.out + said.err
    assert f"is gone: {tmp_path / 'runs' / f'weekly-{MONDAY}'}" in said.err
    assert f"infusion-audit report weekly --as-of {MONDAY} --force" in said.err
    assert run_one(plan, "weekly", MONDAY, lambda: NOW, is_forced=True) == 0
    assert runs_made(tmp_path) == [f"weekly-{BEFORE}", f"weekly-{MONDAY}-2"]
    assert overdue(plan, lambda: NOW) == [] and "in order" in listing(plan, lambda: NOW)[1]
    capsys.readouterr()
    assert run_one(plan, "weekly", MONDAY, lambda: NOW) == 0 and "is there already" in capsys.readouterr().out


def test_a_run_that_retention_deleted_is_said_to_be_deleted(
    tmp_path: Path, audit: FakeAudit, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = weekly_plan(tmp_path, f"start: {BEFORE}", "retention: 1 day")
    assert [make_due(plan, NOW - timedelta(days=7)), make_due(plan)] == [0, 0]
    assert runs_made(tmp_path) == [f"weekly-{MONDAY}"]
    capsys.readouterr()
    assert run_one(plan, "weekly", BEFORE, lambda: NOW) == 2
    said = capsys.readouterr()
    assert "was deleted by retention on 16 Mar 2026" in said.err and "is there already" not in said.out
    assert f"--as-of {BEFORE} --force" in said.err
    assert overdue(plan, lambda: NOW) == [] and "Nothing failed" in _index(plan)
    assert run_one(plan, "weekly", BEFORE, lambda: NOW, is_forced=True) == 0
    assert runs_made(tmp_path) == [f"weekly-{BEFORE}-2", f"weekly-{MONDAY}"]


def test_the_monitor_and_the_list_of_runs_count_a_last_run_that_is_gone(plan: Plan) -> None:
    [(code, text)] = overdue(plan, lambda: NOW)
    assert code == 2 and text.startswith(f"weekly as of {MONDAY}: ") and "retention did not delete it" in text
    assert "folder is gone" in listing(plan, lambda: NOW)[1]
    page = _index(plan)
    assert "Nothing failed" not in page and "Weekly as of 16 Mar 2026 was made, but its folder is gone" in page
    assert page.count('<span class="chip bad">folder is gone</span>') == 2


def test_an_attempt_to_make_a_lost_run_anew_that_failed_is_told_as_such(plan: Plan, audit: FakeAudit) -> None:
    audit.is_disk_full = True
    assert run_one(plan, "weekly", None, lambda: NOW, is_forced=True) == 14
    assert [code for code, _ in overdue(plan, lambda: NOW)] == [14]
    assert "Weekly as of 16 Mar 2026 failed" in _index(plan)


def test_a_run_that_is_gone_counts_no_more_once_a_later_one_is_there(plan: Plan) -> None:
    week_later = NOW + timedelta(days=7)
    assert make_due(plan, week_later) == 0
    assert overdue(plan, lambda: week_later) == []
    page = _index(plan)
    assert "Nothing failed" in page and '<span class="chip quiet">folder is gone</span>' in page


def test_a_last_run_that_is_gone_is_told_once(plan: Plan, tmp_path: Path) -> None:
    before = messages_told(tmp_path)
    assert [make_due(plan), make_due(plan)] == [2, 2]
    [told] = messages_told(tmp_path)[len(before) :]
    assert told.startswith(f"weekly/{MONDAY}/1/") and told.endswith(" failure")
    text = (tmp_path / "told.txt").read_text("utf-8")
    assert "Weekly as of 16 Mar 2026 is not there any more.\nIts run folder is gone: " in text
    assert run_one(plan, "weekly", MONDAY, lambda: NOW, is_forced=True) == 0
    assert make_due(plan) == 0


def test_what_is_gone_is_neither_delivered_nor_told_as_there(tmp_path: Path, audit: FakeAudit) -> None:
    plan = weekly_plan(tmp_path, "deliver: {folder: out, form: full}")
    (tmp_path / "out").write_text("a file where the folder should be", "utf-8")
    assert make_due(plan) == 14
    (tmp_path / "out").unlink()
    shutil.rmtree(tmp_path / "runs" / f"weekly-{MONDAY}")
    assert make_due(plan) == 2
    assert not (tmp_path / "out").exists()
    assert [line.split()[-1] for line in messages_told(tmp_path)] == ["failure", "failure"]


def test_a_deletion_that_was_stopped_is_finished_and_logged(tmp_path: Path, audit: FakeAudit) -> None:
    plan = weekly_plan(tmp_path, f"start: {BEFORE}", "retention: 5 years")
    assert make_due(plan) == 0
    place = tmp_path / "runs"
    (place / f"weekly-{MONDAY}").rename(place / f".deleting-weekly-{MONDAY}")
    assert [make_due(plan), make_due(plan)] == [0, 0]
    assert not list(place.glob(".deleting-*"))
    logged = [event["run"] for event in Journal(place, lambda: NOW).events() if event["event"] == "deleted"]
    assert logged == [f"weekly-{MONDAY}"] and overdue(plan, lambda: NOW) == []


def test_a_run_that_cannot_be_deleted_is_named(
    tmp_path: Path, audit: FakeAudit, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = weekly_plan(tmp_path, f"start: {BEFORE}", "retention: 1 day")
    assert make_due(plan, NOW - timedelta(days=7)) == 0
    rename = Path.rename

    def refused(path: Path, target: Path) -> Path:
        if target.name.startswith(".deleting-"):
            raise PermissionError(13, os.strerror(13))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refused)
    assert make_due(plan) == 14 and runs_made(tmp_path) == [f"weekly-{BEFORE}", f"weekly-{MONDAY}"]
    assert f"weekly-{BEFORE}, which retention is to delete, cannot be deleted: Permission" in capsys.readouterr().err
