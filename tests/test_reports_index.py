"""The list of runs, `index.html`: what it shows of each report, and in which colours."""

from __future__ import annotations

import json
import re
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from audit_lib.schedule.index import index_html
from audit_lib.schedule.index_rows import run_rows
from audit_lib.schedule.journal import Journal
from tests.fake_reports import FakeAudit
from tests.report_plans import NOW, make_due, weekly_plan


@pytest.fixture
def audit(monkeypatch: pytest.MonkeyPatch) -> FakeAudit:
    fake = FakeAudit()
    monkeypatch.setattr("audit_lib.audit.run_audit", fake)
    return fake


def test_the_list_of_runs_shows_what_is_new_changed_and_failed(tmp_path: Path, audit: FakeAudit) -> None:
    plan = weekly_plan(tmp_path, "start: 2026-03-02")
    assert make_due(plan) == 0
    audit.changes_while_read = True
    assert make_due(plan, NOW + timedelta(days=7)) == 11
    page = (tmp_path / "runs" / "index.html").read_text("utf-8")
    assert "Weekly as of 23 Mar 2026 failed" in page
    assert 'href="weekly-2026-03-16/reports/03_overpayment_exposure.html"' in page
    assert 'href="failures/weekly-2026-03-23.html"' in page
    assert "+$7.00" in page and "first report" in page and "the very same as for the report as of 9 Mar 2026" in page
    assert "<script" not in page and "http" not in page.replace("http-equiv", "")
    journal = Journal(tmp_path / "runs", lambda: NOW)
    assert index_html(plan, journal) == index_html(plan, journal)


def test_no_run_has_an_empty_change(tmp_path: Path, audit: FakeAudit) -> None:
    plan = weekly_plan(tmp_path)
    assert make_due(plan) == 0
    shutil.copytree(tmp_path / "runs" / "weekly-2026-03-16", tmp_path / "runs" / "by_hand")
    journal = Journal(tmp_path / "runs", lambda: NOW)
    changes = {row.title: (row.overpaid_change, row.review_change) for row in run_rows(plan, journal, journal.states())}
    assert changes == {
        "Weekly": ("first report", "first report"),
        "Run by hand": ("by hand, not compared", "by hand, not compared"),
    }
    page = index_html(plan, journal)
    assert "Nothing failed; 1 scheduled report new in the last 7 days" in page and "Net overpaid" not in page
    assert page.count("by hand, not compared") == 2 and "since the last</span>" not in page


def test_runs_made_by_hand_are_counted_for_a_week(tmp_path: Path, audit: FakeAudit) -> None:
    plan = weekly_plan(tmp_path)
    assert make_due(plan) == 0
    place, now = tmp_path / "runs", NOW
    journal = Journal(place, lambda: now)
    assert "1 scheduled report new in the last 7 days." in index_html(plan, journal)
    created = json.loads((place / "weekly-2026-03-16" / "manifest.json").read_text("utf-8"))["created_at"]
    for name, said in {"one": ", and 1 run made by hand.", "two": ", and 2 runs made by hand."}.items():
        shutil.copytree(place / "weekly-2026-03-16", place / name)
        assert f"1 scheduled report new in the last 7 days{said}" in index_html(plan, journal)
    now = datetime.fromisoformat(created) + timedelta(days=7, seconds=1)
    assert "no scheduled report new in the last 7 days." in index_html(plan, journal)


def test_a_title_cannot_break_the_page(tmp_path: Path, audit: FakeAudit) -> None:
    plan = weekly_plan(tmp_path, 'title: "<script>alert(1)</script>"')
    assert make_due(plan) == 0
    assert "<script" not in (tmp_path / "runs" / "index.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("is_falling", "change", "colour"), [(False, "+$7.00", "overpayment"), (True, "-$7.00", "ink")]
)
def test_a_fall_is_not_praised_and_its_sign_says_what_its_colour_does(
    tmp_path: Path, audit: FakeAudit, is_falling: bool, change: str, colour: str
) -> None:
    """Fewer dollars may be claims that did not come."""
    audit.is_falling = is_falling
    assert make_due(weekly_plan(tmp_path, "start: 2026-03-02")) == 0
    page = (tmp_path / "runs" / "index.html").read_text("utf-8")
    classes = set(re.findall(rf'class="(?:small )?(\w+)">{re.escape(change)}<', page))
    assert len(classes) == 1
    assert re.findall(rf"\.{classes.pop()} {{ color: var\(--(\w+)\)", page) == [colour]


def test_a_damaged_run_by_hand_keeps_nobody_from_the_list(tmp_path: Path, audit: FakeAudit) -> None:
    plan = weekly_plan(tmp_path)
    assert make_due(plan) == 0
    made, place = tmp_path / "runs" / "weekly-2026-03-16", tmp_path / "runs"
    (made / "finding_status.parquet").write_bytes(b"cut off")
    manifest = json.loads((made / "manifest.json").read_text("utf-8"))
    for name, change in {"one": {"as_of": None}, "two": {"totals": {}}, "three": {"as_of": "soon"}}.items():
        (place / name).mkdir()
        (place / name / "manifest.json").write_text(json.dumps(manifest | change), "utf-8")
    journal = Journal(place, lambda: NOW)
    assert [row.title for row in run_rows(plan, journal, journal.states())] == ["Weekly"]
