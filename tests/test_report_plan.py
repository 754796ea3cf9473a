"""The plan of reports: its keys, periods and due days; every mistake said at once with the nearest name."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from audit_lib.errors import AuditError
from audit_lib.schedule.keeping import parse_keeping
from audit_lib.schedule.occasions import Due, next_occasion, occasions_until
from audit_lib.schedule.periods import parse_period
from audit_lib.schedule.plan import Deliver, Plan
from audit_lib.schedule.plan_file import read_plan

GOOD = "reports: {monthly: {claims: in/*.csv, period: last_month, due: {every: month, day: 5}}}"
DENVER = ZoneInfo("America/Denver")


def _plan(folder: Path, text: str) -> Plan:
    path = folder / "reports.yml"
    path.write_text(text, "utf-8")
    return read_plan(path)


def _refused(folder: Path, text: str) -> str:
    with pytest.raises(AuditError) as caught:
        _plan(folder, text)
    assert caught.value.exit_code == 2
    assert "\n" not in caught.value.message
    return caught.value.message


def test_paths_are_taken_from_the_folder_of_the_plan(tmp_path: Path) -> None:
    plan = _plan(tmp_path, GOOD.replace("claims:", "settings: audit.yml, claims:"))
    report = plan.report("monthly")
    assert report.claims == f"{tmp_path}/in/*.csv"
    assert (report.place, report.settings) == (tmp_path / "runs", tmp_path / "audit.yml")
    assert (report.name, report.title) == ("monthly", "Monthly")


def test_a_report_is_in_full_once_it_is_there_and_never_changes(tmp_path: Path) -> None:
    shared = "command_timeout_seconds: 5\non_success: [mail, all]\nout: elsewhere\n"
    plan = _plan(tmp_path, shared + GOOD.replace("claims:", "deliver: {folder: to, form: full}, claims:"))
    report = plan.report("monthly")
    assert report.on_success == ("mail", "all") and report.on_failure is None
    assert report.deliver == Deliver(tmp_path / "to", None, "full") and report.place == tmp_path / "elsewhere"
    for built, name in ((plan, "path"), (report, "name"), (report.deliver, "folder")):
        with pytest.raises(FrozenInstanceError):
            setattr(built, name, None)
    with pytest.raises(TypeError):
        plan.reports["other"] = report  # type: ignore[index]


def test_every_mistake_is_named_at_once_with_the_nearest_name(tmp_path: Path) -> None:
    said = _refused(
        tmp_path,
        """
        time_zone: America/Denvr
        on_sucess: [mail]
        reports:
          Monthly: {claims: in.csv}
          weekly:
            claim: in.csv
            layout: tuwa
            notebooks: [03_overpayment_exposur]
            catch_up: lates
            settled_minutes: -1
          daily:
            claims: "in_{asof}.csv"
            period: last_mont
            due: {evry: day}
            retention: for ever
            deliver: {foldr: out, form: full}
            rules: [supply_with_per_dim]
        """,
    )
    for words in (
        "time_zone must be a time zone such as America/Denver or UTC. Did you mean America/Denver?",
        "on_sucess is no key. Did you mean on_success?",
        "reports.Monthly is no name of a report",
        "reports.weekly.claim is no key. Did you mean claims?",
        "tuwa is no layout, neither a shipped one nor a file. Did you mean tuva?",
        "03_overpayment_exposur is no shipped notebook. Did you mean 03_overpayment_exposure?",
        "reports.weekly.catch_up should be 'all' or 'latest'. Did you mean latest?",
        "reports.weekly.settled_minutes should be greater than or equal to 0",
        "Did you mean last_month?",
        "reports.daily.due.evry is no key. Did you mean every?",
        "reports.daily.due.every is missing",
        "reports.daily.retention must be a period such as",
        "reports.daily.deliver.foldr is no key. Did you mean folder?",
    ):
        assert words in said


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ("reports: {}", "reports must not be empty"),
        ("[1, 2]", "must hold `key: value` lines"),
        ("reports: [", "it is no YAML, by what stands at line 2 or just before"),
        ("reports:\n  a: {claims: x}\n  a: {claims: y}", "a stands there twice"),
        (GOOD.replace("in/*.csv", '"in/{asof}.csv"'), "may hold, in braces, only"),
        ('reports: {a: {claims: "{period_to}.csv"}}', "may hold, in braces, only"),
        (GOOD.replace("last_month", "{from: 2026-02-30}"), "needs a date of the calendar after from"),
        (GOOD.replace("last_month", "{from: 2026-03-01, to: 2026-02-01}"), "begin before it ends"),
        (GOOD.replace("last_month", "{form: 2026-03-01}"), "Did you mean from?"),
        (GOOD.replace("day: 5", "day: 32"), "a number from 1 to 31, or last"),
        (GOOD.replace("month, day: 5", "week, day: mondy"), "Did you mean monday?"),
        (GOOD.replace("month, day: 5", "day, day: 5"), "leave the key day out"),
        (GOOD.replace("due: {every: month, day: 5}", "start: 2026-01-01"), "it needs the key due"),
        (GOOD.replace("claims", "rules: [supply_with_per_dim], claims"), "Did you mean supply_with_per_diem?"),
        (GOOD.replace("claims", "deliver: {folder: out, form: ful}, claims"), "Did you mean full?"),
        (GOOD.replace("claims", "on_failure: mail me, claims"), "on_failure should be a list"),
        (GOOD.replace("claims", "table: a, query: select 1, claims"), "may hold table or query, not both"),
        (
            "reports: {a: {claims: 'postgresql://u:secret@host/db', table: t}}",
            "claims must be files: a plan reaches no",
        ),
        (
            "reports: {a: {claims: ' PostgreSQL+psycopg2://u:secret@host/db', table: t}}",
            "claims must be files: a plan reaches no",
        ),
        (GOOD.replace("claims", "name: x, claims"), "reports.monthly.name is no key"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, changes: str, words: str) -> None:
    said = _refused(tmp_path, changes)
    assert words in said and "secret" not in said


def test_an_unknown_report_is_answered_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match="Did you mean monthly"):
        _plan(tmp_path, GOOD).report("montly")


PERIODS = {
    "last_week": ("2026-03-02", "2026-03-08"),
    "last_month": ("2026-02-01", "2026-02-28"),
    "last_quarter": ("2025-10-01", "2025-12-31"),
    "last_year": ("2025-01-01", "2025-12-31"),
    "month_to_date": ("2026-03-01", "2026-03-15"),
    "quarter_to_date": ("2026-01-01", "2026-03-15"),
    "year_to_date": ("2026-01-01", "2026-03-15"),
    "last_12_months": ("2025-03-01", "2026-02-28"),
}


@pytest.mark.parametrize("expression", PERIODS)
def test_a_period_is_whole_days_before_or_up_to_the_day(expression: str) -> None:
    first, last = parse_period(expression).on(date(2026, 3, 15))
    assert (str(first), str(last)) == PERIODS[expression]


@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2025, 1, 1), date(2025, 12, 31), date(2026, 3, 31)])
def test_periods_meet_without_gap_at_the_edges_of_months_and_years(day: date) -> None:
    before, to_date = (parse_period(expression).on(day) for expression in ("last_month", "month_to_date"))
    assert before[1] is not None and to_date[0] is not None
    assert before[1] + timedelta(days=1) == to_date[0]


def test_explicit_dates_and_no_period_stay_what_they_are() -> None:
    assert parse_period({"from": "2026-01-01"}).on(date(2030, 1, 1)) == (date(2026, 1, 1), None)
    assert parse_period({"from": "2026-01-01", "to": "2026-01-02"}).on(date(2030, 1, 1))[1] == date(2026, 1, 2)


def _days(due: Due, until: datetime, number: int) -> list[str]:
    return [str(found.as_of) for found in islice(occasions_until(due, DENVER, until), number)]


NOW = datetime(2026, 3, 15, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due", "days"),
    [
        (Due(every="day"), ["2026-03-15", "2026-03-14"]),
        (Due(every="day", hour=18), ["2026-03-14", "2026-03-13"]),
        (Due(every="week"), ["2026-03-09", "2026-03-02"]),
        (Due(every="week", day="sunday"), ["2026-03-15", "2026-03-08"]),
        (Due(every="month", day=31), ["2026-02-28", "2026-01-31", "2025-12-31"]),
        (Due(every="month", day="last"), ["2026-02-28", "2026-01-31"]),
        (Due(every="month", day=15), ["2026-03-15", "2026-02-15"]),
        (Due(every="quarter", day=10), ["2026-01-10", "2025-10-10"]),
        (Due(every="quarter", day="last"), ["2025-12-31", "2025-09-30"]),
    ],
)
def test_due_days(due: Due, days: list[str]) -> None:
    assert _days(due, NOW, len(days)) == days


@pytest.mark.parametrize("rule", [{"every": "day"}, {"every": "month", "day": 31}, {"every": "quarter", "day": "last"}])
def test_what_comes_next_is_the_first_that_has_not_come(rule: dict[str, str | int]) -> None:
    due = Due.model_validate({**rule, "hour": 2})
    for hours in range(0, 24 * 400, 37):
        now = NOW + timedelta(hours=hours)
        latest, coming = next(occasions_until(due, DENVER, now)), next_occasion(due, DENVER, now)
        assert latest.due_at <= now < coming.due_at
        assert next(occasions_until(due, DENVER, coming.due_at)) == coming
        assert list(islice(occasions_until(due, DENVER, coming.due_at), 2))[1] == latest


@pytest.mark.parametrize("change", [date(2026, 3, 8), date(2026, 11, 1)])
@pytest.mark.parametrize("hour", [1, 2, 3])
def test_each_day_comes_once_where_the_clock_is_changed(change: date, hour: int) -> None:
    due = Due(every="day", hour=hour)
    until = datetime.combine(change + timedelta(days=2), datetime.min.time(), UTC)
    found = list(islice(occasions_until(due, DENVER, until), 4))
    assert [found[i].as_of - found[i + 1].as_of for i in range(3)] == [timedelta(days=1)] * 3
    assert all(found[i].due_at > found[i + 1].due_at for i in range(3))


def test_how_long_runs_are_kept() -> None:
    kept = {text: parse_keeping(text) for text in ("90 days", "8 weeks", "13 months", "1 year")}
    days = {text: str(keeping.first_kept(date(2026, 3, 31))) for text, keeping in kept.items() if keeping}
    assert days == {"90 days": "2025-12-31", "8 weeks": "2026-02-03", "13 months": "2025-02-28", "1 year": "2025-03-31"}
    assert [str(keeping) for keeping in kept.values()] == ["90 days", "8 weeks", "13 months", "1 year"]
