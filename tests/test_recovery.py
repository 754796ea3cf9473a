"""The recovery clock: which limit applies, its last day, what is never guessed; overrides and texts that are used."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import duckdb
import pytest

from audit_lib.audit import RunOptions, run_audit
from audit_lib.commands.run import _summary
from audit_lib.errors import AuditError
from audit_lib.handout.export import sender_cautions
from audit_lib.lookback_limits import LookbackLimit, read_lookback_limits
from audit_lib.pipeline import load_steps
from audit_lib.progress import Progress
from audit_lib.reports.front import cautions
from audit_lib.resources import folder
from audit_lib.rules import load_rules
from audit_lib.run import Run
from audit_lib.settings import Settings
from audit_lib.settings_rows import read_table
from audit_lib.settings_tables import check_settings
from audit_lib.words import unused_overrides
from tests.hand_made import drawn, exposure

SAMPLE = Path(__file__).parent.parent / "data" / "sample" / "claims.csv"
ANSWER = "outcome | amount\noverpayment | 5.00"
NM = "line_of_business | provider_state | paid_date"

# The day it counts from, months → the last day on which the money can be demanded.
LAST_DAYS = {
    ("2025-08-15", 12): "2026-08-15",
    ("2025-08-15", 1): "2025-09-15",
    ("2025-12-31", 1): "2026-01-31",
    ("2025-01-31", 1): "2025-02-28",
    ("2024-01-31", 1): "2024-02-29",
    ("2024-02-29", 12): "2025-02-28",
    ("2023-02-28", 12): "2024-02-28",
    ("2024-02-29", 48): "2028-02-29",
    ("2025-10-31", 13): "2026-11-30",
    ("2025-12-01", 11): "2026-11-01",
    ("2025-01-31", 1200): "2125-01-31",
}


@pytest.mark.parametrize("case", LAST_DAYS, ids=str)
def test_the_last_day_of_a_limit(case: tuple[str, int]) -> None:
    paid, months = case
    connection = exposure(f"paid_date\n{paid}", ANSWER, wanted=["recovery"], limits=f"months\n{months}")
    assert drawn(connection, "recovery", "recover_by_date, counted_from_date") == [f"{LAST_DAYS[case]} {paid}"]


# The day of the run → what it says of a limit whose last day is 15 August 2026.
DAYS = {
    date(2026, 8, 14): "recoverable 1",
    date(2026, 8, 15): "recoverable 0",
    date(2026, 8, 16): "time_barred -1",
    date(2024, 8, 15): "recoverable 730",
}


@pytest.mark.parametrize("as_of", DAYS, ids=str)
def test_the_last_day_is_still_in_time(as_of: date) -> None:
    connection = exposure("paid_date\n2025-08-15", ANSWER, wanted=["recovery"], limits="months\n12", as_of=as_of)
    assert drawn(connection, "recovery", "recovery_status, days_left") == [DAYS[as_of]]


# Rows of limits in the order of the file; a line of commercial business in NM, paid 2025-01-10; the day is 2026-01-01.
EVERY = """
line_of_business | state | months
                 |       | 36
                 | NM    | 24
commercial       |       | 18
commercial       | NM    | 12
"""
SPECIFIC = {
    "commercial | NM": "recoverable 4 2026-01-10",
    "commercial | NEWMEXICO": "recoverable 4 2026-01-10",
    "commercial | TX": "recoverable 3 2026-07-10",
    "fep | NM": "recoverable 2 2027-01-10",
    "fep | TX": "recoverable 1 2028-01-10",
    "commercial |": "recoverable 4 2026-01-10",  # row 3 or 4: both say so, the earlier day is shown
    "commercial | XX": "recoverable 4 2026-01-10",  # no state
    "| NM": "recoverable 4 2026-01-10",
    "|": "recoverable 4 2026-01-10",
}


@pytest.mark.parametrize("line", SPECIFIC)
def test_the_most_specific_limit_counts(line: str) -> None:
    connection = exposure(f"{NM}\n{line} | 2025-01-10", ANSWER, wanted=["recovery"], limits=EVERY)
    assert drawn(connection, "recovery", "recovery_status, limit_row, recover_by_date") == [SPECIFIC[line]]


# Limits and a line → status and the reason's end. A year and a day before the run, 12 months have passed, 24 have not.
UNKNOWN = {
    "no table": ("", "commercial | NM | 2024-12-31", "unknown", "(setting lookback_limits)"),
    "no row for it": (
        "line_of_business | months\nfep | 24", "commercial | NM | 2024-12-31", "unknown", "line of business and state",
    ),
    "the state is missing and matters": (
        "state | months\nNM | 12\n | 24", "commercial | | 2024-12-31", "unknown", "(provider_state)",
    ),
    "the state is missing and only some have a row": (
        "state | months\nNM | 24", "commercial | | 2024-12-31", "unknown", "(provider_state)",
    ),
    "the state is missing and does not matter": (
        "state | months\nNM | 24\n | 36", "commercial | | 2024-12-31", "recoverable",
        "by each of the limits that may apply",
    ),
    "passed by each": (
        "state | months\nNM | 12\n | 6", "commercial | | 2024-12-31", "time_barred",
        "by each of the limits that may apply",
    ),
    "a row for the line of business goes before one for the state": (
        "line_of_business | state | months\ncommercial | | 24\n | NM | 6", "commercial | | 2024-12-31",
        "recoverable", "has not passed",
    ),
    "the line of business is missing and matters": (
        "line_of_business | months\nfep | 12\n | 24", "| NM | 2024-12-31", "unknown", "(line_of_business)",
    ),
    "both are missing": (
        "line_of_business | state | months\nfep | NM | 12\n | | 24", "| | 2024-12-31", "unknown",
        "(line_of_business, provider_state)",
    ),
    "the paid date is missing": ("months\n12", "commercial | NM |", "unknown", "(paid_date)"),
    "the paid date is missing and not needed": (
        "months | counted_from\n12 | service", "commercial | NM |", "recoverable", "has not passed",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_cannot_be_told_is_never_recoverable(name: str) -> None:
    limits, line, status, reason = UNKNOWN[name]
    connection = exposure(f"{NM}\n{line}", ANSWER, wanted=["recovery"], limits=limits)
    ((found, words),) = connection.execute("select recovery_status, reason from recovery").fetchall()
    assert (found, words.endswith(reason)) == (status, True), words
    if status == "unknown":
        assert drawn(connection, "recovery", "recover_by_date, days_left") == ["- -"]


def test_the_days_of_a_span_count_from_its_first() -> None:
    lines = "claim_line_start_date | claim_line_end_date\n2025-08-01 | 2025-08-31"
    connection = exposure(lines, ANSWER, wanted=["recovery"], limits="months | counted_from\n1 | service")
    assert drawn(connection, "recovery", "recover_by_date, recovery_status") == ["2025-09-01 time_barred"]


def test_exempt_rules_have_no_last_day() -> None:
    answers = "rule | outcome | amount\nr1 | overpayment | 5.00\nr2 | review | 7.00"
    limits = "months | exempt_rules\n1 | r2"
    connection = exposure("paid_date\n2020-01-01", answers, wanted=["recovery"], limits=limits)
    assert sorted(drawn(connection, "recovery", "recovery_status, recover_by_date, days_left, limit_row")) == [
        "recoverable - - 1",
        "time_barred 2020-02-01 -2161 1",
    ]


def test_no_rule_and_no_finding_can_read_the_day() -> None:
    root = folder("sql")
    steps = load_steps(root / "staging", root / "facts", root / "rules", root / "exposure")
    assert [step.name for step in steps.values() if "clock" in step.reads] == ["recovery"]
    assert [name for name in ("recovery", "applicable_limits") if name in steps["findings"].reads] == []


HEADER = "line_of_business,state,months,counted_from,exempt_rules,citation"
GOOD_ROW = "Commercial PPO,nm,18,paid,supply_with_per_diem; tpn_base_product,provider manual 7"


def _table(place: Path, *rows: str) -> Path:
    (place / "lookback.csv").write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")
    return place / "lookback.csv"


def test_limits_as_people_write_them(tmp_path: Path) -> None:
    rows = read_lookback_limits(_table(tmp_path, GOOD_ROW, ",,12,service,,law"), [r.name for r in load_rules()])
    assert rows == [
        {"line_of_business": "commercial_ppo", "state": "NM", "months": 18, "counted_from": "paid",
         "exempt_rules": ["supply_with_per_diem", "tpn_base_product"], "citation": "provider manual 7"},
        {"line_of_business": None, "state": None, "months": 12, "counted_from": "service", "exempt_rules": [],
         "citation": "law"},
    ]  # fmt: skip


WRONG = {
    ",,0,paid,,x": "row 1, months should be greater than or equal to 1",
    ",,,paid,,x": "row 1, months field required",
    ",,1.5,paid,,x": "row 1, months",
    ",,one year,paid,,x": "row 1, months",
    ",,12,billed,,x": "row 1, counted_from should be 'paid' or 'service'",
    ",,12,paid,,": "row 1, citation",
    ",New Mexico,12,paid,,x": "row 1, state must be the two letters of a US state",
    ",XX,12,paid,,x": "row 1, state must be the two letters",
    ",,12,paid,supply_with_per_dime,x": "row 1: there is no rule 'supply_with_per_dime'. Did you mean supply_with_per",
    "Fep,NM,12,paid,,x\nfep,nm,24,paid,,x": "row 2 is for the same line of business and state as row 1",
    ",,12,paid,,x\n,,24,paid,,x": "row 2 is for the same line of business and state as row 1",
}


@pytest.mark.parametrize("rows", WRONG)
def test_a_wrong_limit_is_named_by_its_row(tmp_path: Path, rows: str) -> None:
    with pytest.raises(AuditError) as caught:
        check_settings(Settings(lookback_limits=_table(tmp_path, *rows.splitlines())))
    assert caught.value.exit_code == 2
    assert WRONG[rows] in caught.value.message, caught.value.message


def test_the_example_is_fictional_and_can_be_read() -> None:
    path = Path(__file__).parent.parent / "docs" / "examples" / "lookback_limits.csv"
    rows = read_table(path, LookbackLimit)
    assert rows
    assert all("FICTIONAL" in row.model_dump()["citation"] for row in rows)


def _run(place: Path, name: str, settings: Settings, as_of: date) -> Path:
    options = RunOptions(
        str(SAMPLE), place, settings=settings, run_id=name, as_of=as_of, with_reports=False, with_quality=False
    )
    return run_audit(options, Progress(is_quiet=True)).path


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The sample on two days: with limits and overrides, and without."""
    place = tmp_path_factory.mktemp("recovery")
    (place / "overrides.csv").write_text(
        "provider_id,rule,action,note,approved_by\n"
        "00-1000002,supply_with_per_diem,exempt,contract 5,counsel\n"
        "nobody,tpn_base_product,review,contract 6,counsel\n",
        "utf-8",
    )
    settings = Settings(
        lookback_limits=_table(place, "commercial,NM,6,paid,,one", ",,12,service,,two", "fep,,12,paid,,three"),
        overrides=place / "overrides.csv",
    )
    with_overrides = settings.model_copy(update={"lookback_limits": None})
    return _run(place, "with", settings, date(2026, 5, 1)), _run(place, "without", with_overrides, date(2027, 5, 1))


def test_findings_do_not_depend_on_the_day_or_the_limits(runs: tuple[Path, Path]) -> None:
    names = {path.name for path in runs[0].glob("*.parquet")}
    differing = [name for name in sorted(names) if (runs[0] / name).read_bytes() != (runs[1] / name).read_bytes()]
    assert differing == ["recovery.parquet"]


def test_each_finding_has_one_row_and_without_limits_all_are_unknown(runs: tuple[Path, Path]) -> None:
    query = """
        select count(*), count(distinct recovery.finding_id), count(*) filter (where recovery_status = 'unknown')
        from read_parquet($recovery) as recovery semi join read_parquet($findings) as findings using (finding_id)
    """
    for run, is_unknown in zip(runs, (False, True), strict=True):
        paths = {name: str(run / f"{name}.parquet") for name in ("findings", "recovery")}
        ((rows, findings, unknown),) = duckdb.execute(query, paths).fetchall()
        ((expected,),) = duckdb.execute(
            "select count(*) from read_parquet($findings)", {"findings": paths["findings"]}
        ).fetchall()
        assert (rows, findings, unknown) == (expected, expected, expected if is_unknown else 0)


def test_the_manifest_counts_what_each_row_of_the_plans_tables_did(runs: tuple[Path, Path]) -> None:
    manifest = json.loads((runs[0] / "manifest.json").read_text("utf-8"))
    used, unused = manifest["overrides"]
    assert (used["row"], used["action"], used["note"], used["approved_by"]) == (1, "exempt", "contract 5", "counsel")
    assert used["line_count"] > 0
    gate = next(gate for gate in manifest["gates"] if gate["gate"] == "override")
    assert (used["line_count"], used["decided_amount"]) == (gate["line_count"], gate["paid_amount"])
    assert (unused["row"], unused["line_count"], unused["decided_amount"]) == (2, 0, "0.00")
    assert "nobody" not in json.dumps(manifest["overrides"])
    counts = [limit["finding_count"] for limit in manifest["lookback_limits"]]
    (total,) = (
        duckdb.execute("select count(*) from read_parquet($p)", {"p": str(runs[0] / "findings.parquet")}).fetchall()[0]
        or ()
    )
    assert counts[0] > 0 and counts[1] > 0 and counts[2] == 0 and sum(counts) == total
    settings_files = {file["setting"] for file in manifest["settings_files"]}
    assert settings_files == {"overrides", "lookback_limits"}


def test_an_override_that_changed_nothing_is_said_wherever_money_is(runs: tuple[Path, Path]) -> None:
    """An exemption that missed its provider leaves money in a demand that the contract forbids."""
    manifest = json.loads((runs[0] / "manifest.json").read_text("utf-8"))
    said = (
        "1 override of the plan changed nothing: row 2 of its file. "
        "Where it should have, look at its provider, rule, code and days."
    )
    assert said in _summary(manifest, runs[0], 0.0).splitlines()
    assert said in cautions(Run.open(runs[0]))
    assert said in sender_cautions(Run.open(runs[0]))


def test_many_overrides_that_changed_nothing_are_counted() -> None:
    entries = [{"row": number, "line_count": number % 2} for number in range(1, 23)]
    assert unused_overrides(entries[:1]) == []
    assert unused_overrides(entries) == [
        "11 overrides of the plan changed nothing: rows 2, 4, 6, 8, 10, 12, 14, 16 and 3 more of their file. "
        "Where they should have, look at their providers, rules, codes and days."
    ]


def test_a_finding_names_the_text_of_the_window_that_decided() -> None:
    lines = "claim_id | claim_line_start_date\nA | 2025-07-17\nB | 2025-07-18"
    answers = "claim_id | amount\nA | 5.00\nB | 5.00"
    assert drawn(exposure(lines, answers), "findings", "claim_id, policy_text") == [
        "A an_earlier_text_of_CPCP019,_not_on_file",
        "B CPCP019_v2.0,_effective_2025-07-18",
    ]
    assumed = exposure(lines, answers, is_assumed_in_force="true")
    assert set(drawn(assumed, "findings", "policy_text")) == {
        "CPCP019_v2.0,_effective_2025-07-18,_assumed_in_force_on_this_date"
    }
