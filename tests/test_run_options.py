"""What a run may be asked: held once, whoever asks, before anything is read."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from audit_lib import Audit
from audit_lib.cli import main, parser
from audit_lib.errors import AuditError
from audit_lib.run_options import RunOptions, today

FIRST, LAST = date(2025, 8, 1), date(2025, 8, 31)
WRONG = {
    "a period that ends before it begins": ({"period_from": LAST, "period_to": FIRST}, "ends before it begins"),
    "a date that is none of the claims'": ({"period_by": "month"}, "by service or paid"),
    "an engine that is none": ({"engine": "Spark"}, "duckdb or spark"),
    "where Spark runs, of a run in DuckDB": ({"spark_master": "sc://nowhere:1"}, "the engine spark"),
    "one text for a list of rules": ({"rules": "supply_with_per_diem"}, "list of names"),
    "notebooks as one text": ({"notebooks": "01_data_quality"}, "list of names"),
}
IN_PYTHON = {"period_from": "date_from", "period_to": "date_to"}


@pytest.mark.parametrize(("given", "says"), WRONG.values(), ids=WRONG)
def test_what_a_run_cannot_be_asked_is_refused(given: dict[str, Any], says: str) -> None:
    with pytest.raises(AuditError, match=says) as error:
        RunOptions("claims.csv", Path("runs"), **given)
    assert error.value.exit_code == 2


@pytest.mark.parametrize("name", [name for name, (given, _) in WRONG.items() if "notebooks" not in given])
def test_python_refuses_it_when_the_claims_are_named(name: str) -> None:
    given, says = WRONG[name]
    with pytest.raises(AuditError, match=says):
        Audit.open("claims.csv", **{IN_PYTHON.get(key, key): value for key, value in given.items()})


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--from", "2025-08-31", "--to", "2025-08-01"], "ends before it begins"),
        (["--spark-master", "sc://nowhere:1"], "the engine spark"),
    ],
)
def test_the_command_refuses_it_in_the_same_words(
    words: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "--claims", "claims.csv", "--out", str(tmp_path), *words]) == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize("day", ["2025-08-01", datetime(2025, 8, 1), pd.Timestamp("2025-08-01"), FIRST])
def test_a_day_may_come_as_text_and_as_midnight(day: Any) -> None:
    options = Audit.open("c", date_from=day, date_to=day, as_of=day)._options
    assert options
    for given in (options.period_from, options.period_to, options.as_of):
        assert type(given) is date
        assert given == FIRST


def test_an_empty_day_is_none() -> None:
    options = Audit.open("c", date_from="", as_of="")._options
    assert options
    assert options.period_from is None
    assert type(options.as_of) is date


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"date_from": "01.08.2025"}, "date_from must be a date of the calendar, or text as YYYY-MM-DD"),
        ({"date_to": "2025-02-30"}, "date_to must be a date"),
        ({"date_from": "20250801"}, "date_from must be a date"),
        ({"date_from": datetime(2025, 8, 1, 12)}, "date_from must be a date"),
        ({"date_from": datetime(2025, 8, 1, tzinfo=UTC)}, "date_from must be a date"),
        ({"date_from": pd.NaT}, "date_from must be a date"),
        ({"as_of": 20260101}, "as_of must be a date"),
        ({"config": {"threads": 2}}, "config must be a path, not of the kind dict"),
        ({"out": None}, "out must be a path, not of the kind NoneType"),
        ({"layout": {"claim_id": "id"}}, "layout must be a path, not of the kind dict"),
        ({"rules": None}, "rules must be a list of names"),
        ({"rules": [1]}, "rules must be a list of names"),
        ({"table": 1}, "table must be text"),
        ({"assume_in_force": "no"}, "assume_in_force must be True or False"),
    ],
)
def test_python_refuses_what_is_of_another_kind(given: dict[str, Any], says: str) -> None:
    with pytest.raises(AuditError) as error:
        Audit.open("claims.csv", **given)
    assert error.value.exit_code == 2
    assert says in error.value.message


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(AuditError) as error:
        RunOptions("c", Path(), period_from=LAST, period_to=FIRST, spark_master="local", rules="all")  # type: ignore[arg-type]
    assert all(part in error.value.message for part in ("before it begins", "engine spark", "list of names"))


@pytest.mark.parametrize(
    "ask",
    [
        lambda: RunOptions("c", Path(), period_from=FIRST, period_to=FIRST),
        lambda: RunOptions("c", Path(), period_to=FIRST, period_by="paid"),
        lambda: RunOptions("c", Path(), engine="spark", spark_master="local[2]"),
        lambda: Audit.open("c", rules=("supply_with_per_diem",), engine="spark", spark_master="local[2]"),
    ],
)
def test_what_can_be_asked_is_taken(ask: Callable[[], object]) -> None:
    ask()


GIVEN_TWICE = {
    "--claims": ["run", "--claims", "a.csv", "--claims", "b.csv", "--out", "runs"],
    "--rules": ["run", "--claims", "a.csv", "--out", "runs", "--rules", "tpn_base_product", "--rules", "a"],
    "--as-of": ["export", "run", "--as-of", "2026-01-01", "--as-of", "2026-01-02"],
}


@pytest.mark.parametrize("option", GIVEN_TWICE)
def test_an_option_of_one_value_is_not_taken_twice(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(GIVEN_TWICE[option])
    assert ended.value.code == 2
    assert f"{option} was given twice" in capsys.readouterr().err


def test_an_option_of_several_values_is_taken_several_times() -> None:
    options = parser().parse_args(["export", "run", "--provider", "1", "--provider", "2"])
    assert options.provider == ["1", "2"]


@pytest.mark.parametrize(("option", "text"), [("--rules", ""), ("--rules", " , "), ("--run-id", "")])
def test_an_empty_option_is_not_taken_for_none(
    option: str, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.csv").write_text("claim_id\n")
    assert main(["run", "--claims", str(tmp_path / "a.csv"), "--out", str(tmp_path / "runs"), option, text]) == 2
    assert f"{option} names no" in capsys.readouterr().err


@pytest.mark.parametrize(("zone", "hours"), [("Etc/GMT+12", -12), ("Etc/GMT-14", 14)])
def test_today_is_the_day_where_the_program_runs(zone: str, hours: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one of the two it is another day than in UTC, whenever the test runs."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        before, found = (datetime.now(UTC) + timedelta(hours=hours)).date(), today()
        assert before <= found <= (datetime.now(UTC) + timedelta(hours=hours)).date()
        assert before <= RunOptions("c", Path()).as_of <= (datetime.now(UTC) + timedelta(hours=hours)).date()
    finally:
        monkeypatch.undo()
        time.tzset()
