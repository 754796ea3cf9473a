"""Scheduled reports that break while they are delivered, or were given up: what still counts as failed."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from audit_lib.schedule.calls import run_one
from audit_lib.schedule.delivery import deliver
from audit_lib.schedule.journal import Journal
from audit_lib.schedule.plan import Deliver
from audit_lib.schedule.plan_file import read_plan
from audit_lib.schedule.watch import listing, overdue
from tests.fake_reports import FakeAudit
from tests.report_plans import MONDAY, NOW, make_due, messages_told, runs_made, weekly_plan


@pytest.fixture
def audit(monkeypatch: pytest.MonkeyPatch) -> FakeAudit:
    fake = FakeAudit()
    monkeypatch.setattr("audit_lib.audit.run_audit", fake)
    return fake


def test_a_delivery_that_breaks_fails_its_report_alone(
    tmp_path: Path, audit: FakeAudit, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = weekly_plan(tmp_path, "start: 2026-03-09", "deliver: {folder: out, form: full}")

    def breaks(run_folder: Path, to: Deliver) -> Path:
        if run_folder.name == "weekly-2026-03-09":
            raise ValueError("MARKERVALUE")
        return deliver(run_folder, to)

    monkeypatch.setattr("audit_lib.schedule.work.deliver", breaks)
    assert [make_due(plan), make_due(plan)] == [1, 1]
    assert runs_made(tmp_path) == ["weekly-2026-03-09", "weekly-2026-03-16"]
    assert [line.split()[-1] for line in messages_told(tmp_path)] == ["failure", "success"]
    told = (tmp_path / "told.txt").read_text("utf-8")
    assert "is there but could not be delivered" in told and "the run itself is whole" in told
    assert "ValueError in work.py" in told and "No result was written" not in told
    assert "MARKERVALUE" not in told + (tmp_path / "runs" / "report_journal.jsonl").read_text("utf-8")
    assert "could not be delivered" in overdue(plan, lambda: NOW)[0][1]
    monkeypatch.setattr("audit_lib.schedule.work.deliver", deliver)
    assert make_due(plan) == 0 and overdue(plan, lambda: NOW) == []


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError("the words of a library that was interrupted")])
def test_a_delivery_that_is_asked_to_stop_stops_and_is_no_failure(
    tmp_path: Path, audit: FakeAudit, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def is_stopped(*_: object) -> None:
        raise error

    plan = weekly_plan(tmp_path, "start: 2026-03-09", "deliver: {folder: out, form: full}")
    monkeypatch.setattr("audit_lib.schedule.work.deliver", is_stopped)
    monkeypatch.setattr("audit_lib.schedule.work.is_stopping", lambda: True, raising=False)
    with pytest.raises(KeyboardInterrupt):
        make_due(plan)
    assert runs_made(tmp_path) == ["weekly-2026-03-09"] and not messages_told(tmp_path)
    monkeypatch.undo()
    monkeypatch.setattr("audit_lib.audit.run_audit", audit)
    assert make_due(plan) == 0
    assert [line.split()[-1] for line in messages_told(tmp_path)] == ["success", "success"]


def test_a_report_given_up_counts_as_failed_until_a_later_one_is_there(tmp_path: Path, audit: FakeAudit) -> None:
    plan = weekly_plan(tmp_path, "start: 2026-03-16", "catch_up: latest")
    audit.changes_while_read = True
    week_later = NOW + timedelta(days=7)
    assert [make_due(plan), make_due(plan, week_later)] == [11, 11]
    assert [text.split(":")[0] for _, text in overdue(plan, lambda: week_later)] == [
        "weekly as of 2026-03-16",
        "weekly as of 2026-03-23",
    ]
    index = tmp_path / "runs" / "index.html"
    assert "What failed" in index.read_text("utf-8")
    audit.changes_while_read = False
    assert make_due(plan, week_later) == 0
    assert overdue(plan, lambda: week_later) == []
    assert "in order; 1 given up" in listing(plan, lambda: week_later)[1]
    page = index.read_text("utf-8")
    assert "Nothing failed" in page and "Given up" in page and "16 Mar 2026" in page
    assert 'href="failures/weekly-2026-03-16.html"' in page
    failure = (tmp_path / "runs" / "failures" / "weekly-2026-03-16.html").read_text("utf-8")
    assert "was given up" in failure and "tries again" not in failure


def test_a_damaged_page_of_a_failure_keeps_no_report_from_being_made_or_given_up(
    tmp_path: Path, audit: FakeAudit
) -> None:
    plan = weekly_plan(tmp_path, "start: 2026-03-16", "catch_up: latest")
    audit.changes_while_read = True
    assert make_due(plan) == 11
    page = tmp_path / "runs" / "failures" / "weekly-2026-03-16.json"
    page.write_text(page.read_text("utf-8")[:-20], "utf-8")
    audit.changes_while_read = False
    for weeks in (0, 1):
        assert make_due(plan, NOW + timedelta(days=7 * weeks)) == 0
    assert [line.split()[-1] for line in messages_told(tmp_path)] == ["failure", "success", "success"]

    other = tmp_path / "other"
    other.mkdir()
    plan = weekly_plan(other, "start: 2026-03-16", "catch_up: latest")
    audit.changes_while_read = True
    assert make_due(plan) == 11
    (other / "runs" / "failures" / "weekly-2026-03-16.json").write_text("{", "utf-8")
    audit.changes_while_read = False
    assert make_due(plan, NOW + timedelta(days=7)) == 0
    assert [line.split()[-1] for line in messages_told(other)] == ["failure", "skipped", "success"]


def test_a_failure_beyond_the_last_hundred_is_given_up_and_a_later_report_clears_it(
    tmp_path: Path, audit: FakeAudit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audit_lib.schedule.calls.MOST_CAUGHT_UP", 2)
    plan = weekly_plan(tmp_path, "start: 2026-03-16")
    audit.changes_while_read = True
    assert make_due(plan) == 11
    later = NOW + timedelta(days=21)
    assert make_due(plan, later) == 11
    assert overdue(plan, lambda: later)[0][1].split(":")[0] == "weekly as of 2026-03-16"
    assert messages_told(tmp_path).count("weekly/2026-03-16/skipped skipped") == 1
    assert "Only the last 2 that were due are made up for." in (tmp_path / "told.txt").read_text("utf-8")
    audit.changes_while_read = False
    assert make_due(plan, later) == 0 and make_due(plan, later) == 0
    assert overdue(plan, lambda: later) == []
    assert messages_told(tmp_path).count("weekly/2026-03-16/skipped skipped") == 1
    assert runs_made(tmp_path) == ["weekly-2026-03-30", "weekly-2026-04-06"]
    assert "Nothing failed" in (tmp_path / "runs" / "index.html").read_text("utf-8")


def test_a_failure_of_a_report_that_the_plan_has_no_more_is_marked_as_such(tmp_path: Path, audit: FakeAudit) -> None:
    plan = weekly_plan(tmp_path, "start: 2026-03-16")
    audit.changes_while_read = True
    assert make_due(plan) == 11
    text = (tmp_path / "reports.yml").read_text("utf-8")
    (tmp_path / "reports.yml").write_text(text.replace("  weekly:", "  monthly:"), "utf-8")
    audit.changes_while_read = False
    renamed = read_plan(tmp_path / "reports.yml")
    assert make_due(renamed) == 0
    page = (tmp_path / "runs" / "index.html").read_text("utf-8")
    assert "Nothing failed" in page and "What failed</h2>" not in page
    assert "No longer scheduled" in page and 'href="failures/weekly-2026-03-16.html"' in page
    assert make_due(plan) == 0, "the failed report comes back with its plan"


def test_a_report_given_up_can_be_had_by_hand_and_then_is_not_given_up(tmp_path: Path, audit: FakeAudit) -> None:
    plan = weekly_plan(tmp_path, "start: 2026-03-09", "catch_up: latest")
    assert make_due(plan) == 0
    assert "in order; 1 given up" in listing(plan, lambda: NOW)[1]
    assert run_one(plan, "weekly", date(2026, 3, 9), lambda: NOW) == 0
    assert "given up" not in listing(plan, lambda: NOW)[1]


def test_a_failure_of_another_report_or_without_a_later_one_still_counts(tmp_path: Path, audit: FakeAudit) -> None:
    plan = weekly_plan(tmp_path, "start: 2026-03-16")
    audit.changes_while_read = True
    assert make_due(plan) == 11
    audit.changes_while_read = False
    journal = Journal(tmp_path / "runs", lambda: NOW)
    journal.append("skipped", "weekly", MONDAY)
    made = {
        "run": "r", "period": [None, None], "is_to_be_delivered": False, "inputs_sha256": "", "last_service_date": None,
        "totals": {"net_overpaid_amount": "0.00", "net_review_amount": "0.00"},
        "undecided": {"not_evaluable_count": 0},
        "cautions": [],
    }  # fmt: skip
    journal.append("succeeded", "another", MONDAY + timedelta(days=7), **made)
    journal.append("succeeded", "weekly", MONDAY - timedelta(days=7), **made)
    (tmp_path / "runs" / "r").mkdir()
    (tmp_path / "runs" / "r" / "manifest.json").write_text("{}", "utf-8")
    assert overdue(plan, lambda: NOW)[0][0] == 11, "neither another report nor an earlier one stands in for it"
    assert listing(plan, lambda: NOW)[1].count("failed; 1 given up") == 1


def test_a_message_that_nobody_got_is_not_asked_for_once_its_report_is_given_up(
    tmp_path: Path, audit: FakeAudit
) -> None:
    command = "on_failure: [sh, -c, 'test $INFUSION_AUDIT_STATUS = skipped']"
    plan = weekly_plan(tmp_path, "start: 2026-03-09", "catch_up: latest", command)
    audit.changes_while_read = True
    assert make_due(plan, NOW - timedelta(days=7)) == 11
    assert make_due(plan, NOW) == 11
    audit.changes_while_read = False
    assert make_due(plan, NOW) == 0
    assert overdue(plan, lambda: NOW) == []
