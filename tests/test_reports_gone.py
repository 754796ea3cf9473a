"""Runs that were made and are not there any more: deleted by retention, or gone for another reason."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from audit_lib.schedule.calls import run_one, write_indexes
from audit_lib.schedule.plan import Plan
from audit_lib.schedule.watch import listing, overdue
from tests.fake_reports import FakeAudit
from tests.report_plans import MONDAY, NOW, make_due, runs_made, weekly_plan

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
    [path] = write_indexes(plan, lambda: NOW)
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
