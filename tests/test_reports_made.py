"""Reports as they are made: once, under a lock, delivered, told and kept; and what happens where one cannot be."""

from __future__ import annotations

import grp
import json
import os
import stat
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from audit_lib.errors import AuditError
from audit_lib.holds import place_hold
from audit_lib.schedule.calls import run_one
from audit_lib.schedule.journal import Journal
from audit_lib.schedule.watch import listing, overdue
from tests.fake_reports import NOT_COME, FakeAudit
from tests.report_plans import MONDAY, NOW, make_due, messages_told, runs_made, weekly_plan


@pytest.fixture
def audit(monkeypatch: pytest.MonkeyPatch) -> FakeAudit:
    fake = FakeAudit()
    monkeypatch.setattr("audit_lib.audit.run_audit", fake)
    return fake


def test_one_report_is_made_once_unless_forced(
    tmp_path: Path, audit: FakeAudit, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = weekly_plan(tmp_path)
    for forced in (False, False, True):
        assert run_one(plan, "weekly", None, lambda: NOW, is_forced=forced) == 0
    assert runs_made(tmp_path) == ["weekly-2026-03-16", "weekly-2026-03-16-2"]
    assert "is there already" in capsys.readouterr().out
    assert make_due(plan) == 0 and set(audit.made.values()) == {1}
    assert [line.split()[-1] for line in messages_told(tmp_path)] == ["success", "success"]


@pytest.mark.parametrize("rows", ["table: dw.medical_claim", "query: select * from medical_claim order by rowid"])
def test_a_report_says_which_rows_of_a_database(tmp_path: Path, audit: FakeAudit, rows: str) -> None:
    assert make_due(weekly_plan(tmp_path, rows)) == 0
    assert audit.rows == {rows.partition(": ")[2]}


def test_a_day_that_has_not_come_and_an_unknown_name_are_refused(tmp_path: Path, audit: FakeAudit) -> None:
    plan = weekly_plan(tmp_path)
    for name, day in (("weekly", MONDAY + timedelta(days=1)), ("weakly", MONDAY)):
        with pytest.raises(AuditError) as caught:
            run_one(plan, name, day, lambda: NOW)
        assert caught.value.exit_code == 2
    assert not audit.asked


def test_two_at_once_are_excluded_and_a_stuck_one_is_announced_once(tmp_path: Path, audit: FakeAudit) -> None:
    plan = weekly_plan(tmp_path, "grace_hours: 2")
    (tmp_path / "runs").mkdir()
    with FileLock(tmp_path / "runs" / ".report-lock"):
        with pytest.raises(AuditError) as caught:
            run_one(plan, "weekly", None, lambda: NOW)
        assert caught.value.exit_code == 15
        assert make_due(plan, datetime(2026, 3, 16, 7, tzinfo=UTC)) == 0
        assert [make_due(plan), make_due(plan)] == [11, 11]
    assert not audit.asked
    assert messages_told(tmp_path) == ["weekly/2026-03-16/0/late late"]
    assert make_due(plan) == 0
    assert messages_told(tmp_path)[1:] == ["weekly/2026-03-16/weekly-2026-03-16/success success"]


def test_missed_reports_are_made_up_for_oldest_first_or_given_up(tmp_path: Path, audit: FakeAudit) -> None:
    for number, catch_up in enumerate(("all", "latest")):
        folder = tmp_path / catch_up
        folder.mkdir()
        plan = weekly_plan(folder, "start: 2026-02-23", f"catch_up: {catch_up}")
        assert make_due(plan) == make_due(plan) == 0
        days = ["2026-02-23", "2026-03-02", "2026-03-09", "2026-03-16"][3 * number :]
        assert runs_made(folder) == [f"weekly-{day}" for day in days]
        made = [
            event["as_of"] for event in Journal(folder / "runs", lambda: NOW).events() if event["event"] == "started"
        ]
        assert made == days
    told = (tmp_path / "latest" / "told.txt").read_text("utf-8")
    assert told.count("3 missed reports will not be made up for") == 1
    assert "9 Mar 2026" in told


def test_without_a_start_the_last_due_day_at_first_sight_is_the_first(tmp_path: Path, audit: FakeAudit) -> None:
    plan = weekly_plan(tmp_path)
    assert make_due(plan) == 0
    assert make_due(plan, NOW + timedelta(days=15)) == 0
    assert runs_made(tmp_path) == ["weekly-2026-03-16", "weekly-2026-03-23", "weekly-2026-03-30"]


def test_it_waits_for_claims_that_are_missing_or_still_written(tmp_path: Path, audit: FakeAudit) -> None:
    plan = weekly_plan(tmp_path, "grace_hours: 8", claims=False)
    assert [make_due(plan), make_due(plan, NOW + timedelta(hours=1))] == [0, 0]
    (tmp_path / "claims.csv").write_text("claim_id\n", "utf-8")
    os.utime(tmp_path / "claims.csv", (NOW.timestamp() + 3 * 3600 - 60,) * 2)
    assert make_due(plan, NOW + timedelta(hours=3)) == 11
    assert "still being written" in (tmp_path / "told.txt").read_text("utf-8")
    assert make_due(plan, NOW + timedelta(hours=4)) == 0
    assert [line.split()[-1] for line in messages_told(tmp_path)] == ["late", "success"]
    page = (tmp_path / "runs" / "failures" / "weekly-2026-03-16.html").read_text("utf-8")
    assert "came after all" in page


def test_a_period_without_a_line_is_late_and_is_made_once_its_claims_have_come(
    tmp_path: Path, audit: FakeAudit
) -> None:
    """A month of $0.00 that nobody makes again is a month that no report ever shows."""
    plan = weekly_plan(tmp_path, "grace_hours: 2")
    audit.has_lines_in_period = False
    early = datetime(2026, 3, 16, 7, tzinfo=UTC)
    assert [make_due(plan, early), make_due(plan, early + timedelta(minutes=30))] == [0, 0]
    assert sum(audit.asked.values()) == 1, "the very same claims are not read again"
    assert messages_told(tmp_path) == [] and overdue(plan, lambda: early) == []
    [(code, text)] = overdue(plan, lambda: NOW)
    assert code == 11 and NOT_COME in text and "nobody tried" not in text
    assert [make_due(plan), make_due(plan)] == [11, 11] == [overdue(plan, lambda: NOW)[0][0], 11]
    assert messages_told(tmp_path) == ["weekly/2026-03-16/0/late late"] and runs_made(tmp_path) == []
    assert NOT_COME in (tmp_path / "told.txt").read_text("utf-8")
    assert "Weekly as of 16 Mar 2026 has not come" in (tmp_path / "runs" / "index.html").read_text("utf-8")
    (tmp_path / "claims.csv").write_text("claim_id\nA\n", "utf-8")
    os.utime(tmp_path / "claims.csv", (NOW.timestamp() - 3600,) * 2)
    audit.has_lines_in_period = True
    assert [make_due(plan), make_due(plan)] == [0, 0]
    assert [line.split()[-1] for line in messages_told(tmp_path)] == ["late", "success"]
    assert runs_made(tmp_path) == ["weekly-2026-03-16"] and overdue(plan, lambda: NOW) == []


def test_who_asks_for_a_period_without_a_line_is_answered_and_may_force_it(
    tmp_path: Path, audit: FakeAudit, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = weekly_plan(tmp_path)
    audit.has_lines_in_period = False
    assert [run_one(plan, "weekly", None, lambda: NOW) for _ in range(2)] == [11, 11]
    assert capsys.readouterr().err.count(NOT_COME) == 2 and runs_made(tmp_path) == []
    assert run_one(plan, "weekly", None, lambda: NOW, is_forced=True) == 0
    assert runs_made(tmp_path) == ["weekly-2026-03-16"] and make_due(plan) == 0


def test_a_fault_before_the_claims_were_looked_at_is_over_once_they_are_waited_for(
    tmp_path: Path, audit: FakeAudit
) -> None:
    plan = weekly_plan(tmp_path, "grace_hours: 8")
    audit.is_disk_full = True
    assert make_due(plan) == 14
    audit.is_disk_full = audit.has_lines_in_period = False
    assert [make_due(plan), make_due(plan, NOW + timedelta(hours=4))] == [0, 11]
    assert [line.split()[-1] for line in messages_told(tmp_path)] == ["failure", "late"]


def test_a_failure_leaves_a_page_and_its_json_and_another_failure_another_message(
    tmp_path: Path, audit: FakeAudit, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = weekly_plan(tmp_path)
    audit.changes_while_read = True
    assert [make_due(plan), make_due(plan)] == [11, 11]
    audit.is_disk_full = True
    assert [make_due(plan), make_due(plan)] == [14, 14]
    assert [line.split()[-1] for line in messages_told(tmp_path)] == ["failure", "failure"]
    place = tmp_path / "runs" / "failures"
    status = json.loads((place / "weekly-2026-03-16.json").read_text("utf-8"))
    assert (status["exit_code"], status["attempt_count"], status["period"]) == (14, 4, ["2026-03-09", "2026-03-15"])
    page = (place / "weekly-2026-03-16.html").read_text("utf-8")
    assert "No space left on device" in page and "http" not in page.replace("http-equiv", "")
    assert {stat.S_IMODE(path.stat().st_mode) for path in place.iterdir()} == {0o600}
    capsys.readouterr()
    assert run_one(plan, "weekly", None, lambda: NOW) == 14
    assert "No space left" in capsys.readouterr().err, "who asks is answered again"


def test_a_fault_of_its_own_says_where_and_no_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> None:
        raise ValueError("MARKERVALUE")

    monkeypatch.setattr("audit_lib.audit.run_audit", breaks)
    assert make_due(weekly_plan(tmp_path)) == 1
    written = "".join(
        path.read_text("utf-8") for path in tmp_path.rglob("*.*") if path.suffix in {".txt", ".jsonl", ".html"}
    )
    assert "ValueError in making.py" in written and "MARKERVALUE" not in written


def test_a_command_that_fails_or_hangs_is_reported_tried_again_and_given_up(
    tmp_path: Path, audit: FakeAudit, capfd: pytest.CaptureFixture[str]
) -> None:
    for number, command in enumerate(
        ("[sh, -c, 'echo x >> tries; exit 3']", "[sh, -c, 'echo x >> tries; sleep 60 & wait']", "[no-such]")
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        plan = weekly_plan(folder, f"on_success: {command}")
        started = time.monotonic()
        assert [make_due(plan) for _ in range(5)] == [14, 14, 14, 0, 0]
        assert time.monotonic() - started < 20
        if number < 2:
            assert (folder / "tries").read_text("utf-8").count("x") == 3
        assert "message was not delivered" in overdue(plan, lambda: NOW)[0][1]
    said = capfd.readouterr().err
    assert all(words in said for words in ("ended with 3", "did not end within 1 seconds", "could not be started"))


def test_delivery_is_whole_for_the_group_and_once(tmp_path: Path, audit: FakeAudit) -> None:
    group = grp.getgrgid(os.getgid()).gr_name
    plan = weekly_plan(tmp_path, f"deliver: {{folder: out, form: full, group: {group}}}")
    (tmp_path / "out").write_text("a file where the folder should be", "utf-8")
    assert [make_due(plan), make_due(plan)] == [14, 14]
    assert [line.split()[-1] for line in messages_told(tmp_path)] == ["failure"]
    (tmp_path / "out").unlink()
    assert make_due(plan) == make_due(plan) == 0
    assert audit.made == {"weekly-2026-03-16": 1}
    page = tmp_path / "out" / "weekly-2026-03-16" / "03_overpayment_exposure.html"
    assert [stat.S_IMODE(path.stat().st_mode) for path in (page, page.parent)] == [0o640, 0o750]
    assert [path.name for path in page.parent.parent.iterdir()] == ["weekly-2026-03-16"]
    assert [line.split()[-1] for line in messages_told(tmp_path)] == ["failure", "success"]
    assert f"Delivered to: {page.parent}" in (tmp_path / "told.txt").read_text("utf-8")


def test_a_folder_that_was_there_before_the_run_is_another_report(tmp_path: Path, audit: FakeAudit) -> None:
    plan = weekly_plan(tmp_path, "deliver: {folder: out, form: full}")
    another = tmp_path / "out" / "weekly-2026-03-16"
    another.mkdir(parents=True)
    (another / "page.html").write_text("another plan's", "utf-8")
    os.utime(another, (0, 0))
    assert make_due(plan) == 14
    assert [path.name for path in another.iterdir()] == ["page.html"]
    another.rename(tmp_path / "moved")
    assert make_due(plan) == 0 and (another / "03_overpayment_exposure.html").is_file()


def test_an_unknown_group_is_named_and_nothing_is_delivered(tmp_path: Path, audit: FakeAudit) -> None:
    plan = weekly_plan(tmp_path, "deliver: {folder: out, form: full, group: no-such-group}")
    assert make_due(plan) == 2
    assert "no group 'no-such-group'" in (tmp_path / "told.txt").read_text("utf-8")
    assert not (tmp_path / "out").exists()


def test_retention_never_takes_the_last_good_run_nor_one_on_hold(tmp_path: Path, audit: FakeAudit) -> None:
    plan = weekly_plan(tmp_path, "start: 2026-01-05", "retention: 3 weeks")
    for week in range(4):
        assert make_due(plan, datetime(2026, 1, 5, 12, tzinfo=UTC) + timedelta(weeks=week)) == 0
    place_hold(tmp_path / "runs" / "weekly-2026-01-12", "a letter was sent")
    assert make_due(plan, datetime(2026, 2, 2, 12, tzinfo=UTC)) == 0
    assert runs_made(tmp_path)[0] == "weekly-2026-01-12"
    last = weekly_plan(tmp_path, "start: 2026-01-05", "retention: 1 day", claims=False)
    (tmp_path / "claims.csv").unlink()
    make_due(last, datetime(2026, 6, 1, 12, tzinfo=UTC))
    assert runs_made(tmp_path) == ["weekly-2026-01-12", "weekly-2026-02-02"]
    logged = [e["run"] for e in Journal(tmp_path / "runs", lambda: NOW).events() if e["event"] == "deleted"]
    assert logged == ["weekly-2026-01-05", "weekly-2026-01-19", "weekly-2026-01-26"]
    assert not list((tmp_path / "runs").glob(".deleting-*"))


def test_a_torn_line_and_a_full_disk_cost_no_event(tmp_path: Path) -> None:
    journal = Journal(tmp_path, lambda: NOW)
    journal.append("skipped", "a", MONDAY)
    with journal.path.open("ab") as file:
        file.write(b'{"at": "2026-')
    journal.append("skipped", "b", MONDAY)
    assert [event["report"] for event in journal.events()] == ["a", "b"]
    assert {name for (name, _), state in journal.states().items() if state.is_skipped} == {"a", "b"}


def test_the_monitor_and_the_list_say_what_is_missing(tmp_path: Path, audit: FakeAudit) -> None:
    plan = weekly_plan(tmp_path, "grace_hours: 3")
    assert overdue(plan, lambda: datetime(2026, 3, 16, 8, tzinfo=UTC)) == []
    [(code, text)] = overdue(plan, lambda: NOW)
    assert code == 11 and "nobody tried" in text
    assert not (tmp_path / "runs").exists(), "a question writes nothing"
    assert "not made yet" in listing(plan, lambda: NOW)[1]
    assert make_due(plan) == 0
    assert overdue(plan, lambda: NOW) == []
    assert listing(plan, lambda: NOW)[1].split() == [
        "weekly",
        "16",
        "Mar",
        "2026",
        "in",
        "order",
        "23",
        "Mar",
        "2026",
        "06:00",
        "UTC",
    ]
