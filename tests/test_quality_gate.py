"""The gate: what a critical failure stops, what it leaves alone, and what a run and its reports say of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import duckdb
import pytest

from audit_lib.audit import RunOptions, run_audit
from audit_lib.cli import main
from audit_lib.commands.run import summary
from audit_lib.errors import AuditError
from audit_lib.progress import Progress
from audit_lib.quality.suites import SUITES, parse_suite, read_suite
from audit_lib.rules import load_rules
from audit_lib.run_diff import RunDiff
from audit_lib.schedule.calls import run_one
from audit_lib.schedule.plan_file import read_plan
from audit_lib.settings import Settings
from audit_lib.sharing import SHARED_REPORT
from tests.gate_claims import MARK, audit, claims

TWICE = "“No row is delivered twice"


def outcomes(run: Path) -> dict[str, set[str]]:
    rows = duckdb.sql(f"select rule, outcome from read_parquet('{run}/line_outcomes.parquet')").fetchall()
    return {rule: {outcome for name, outcome in rows if name == rule} for rule, _ in rows}


def quality(run: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((run / "quality.json").read_text("utf-8"))
    return document


def test_sound_claims_stop_nothing(tmp_path: Path) -> None:
    run = audit(claims(tmp_path))
    gate = quality(run)["gate"]
    assert gate == {
        "continued_regardless": False, "critical_failures": [], "emptied_columns": [], "stopped_rules": [],
    }  # fmt: skip
    assert {r["status"] for r in quality(run)["expectations"] if r["severity"] == "critical"} == {"PASS"}
    assert outcomes(run)["per_diem_units_exceed_days"] == {"review"}


def test_an_unreadable_column_stops_only_the_rules_that_need_it(tmp_path: Path) -> None:
    run = audit(claims(tmp_path, spoil={"service_unit_quantity": 5}))
    assert quality(run)["rows"] == {"source": 8, "read": 8, "rejected": 0, "left_out": 0}
    assert outcomes(run) == {"per_diem_units_exceed_days": {"not_evaluable"}, "supply_with_per_diem": {"overpayment"}}
    query = f"select distinct reason from read_parquet('{run}/line_outcomes.parquet') where outcome = 'not_evaluable'"
    ((reason,),) = duckdb.sql(query).fetchall()
    assert "service_unit_quantity" in reason
    query = f"select sum(paid_amount) from read_parquet('{run}/rule_outcomes.parquet') where outcome = 'not_evaluable'"
    assert str(duckdb.sql(query).fetchall()[0][0]) == "600.00"
    gate = json.loads((run / "manifest.json").read_text("utf-8"))["quality"]
    assert [one["column"] for one in gate["emptied_columns"]] == ["service_unit_quantity"]
    assert [one["rule"] for one in gate["stopped_rules"]] == ["per_diem_units_exceed_days"]


def test_a_column_that_no_rule_needs_stops_nothing_and_rejects_nothing(tmp_path: Path) -> None:
    run = audit(claims(tmp_path, spoil={"ndc_quantity": 8}))
    assert quality(run)["gate"]["stopped_rules"] == []
    assert quality(run)["rows"]["rejected"] == 0


def test_half_of_a_column_is_not_most_of_it(tmp_path: Path) -> None:
    run = audit(claims(tmp_path, spoil={"service_unit_quantity": 4}))
    assert quality(run)["gate"]["stopped_rules"] == []
    assert quality(run)["rows"] == {"source": 8, "read": 4, "rejected": 4, "left_out": 0}


@pytest.mark.parametrize("column", ["paid_amount", "claim_line_start_date"])
def test_unreadable_money_or_keys_stop_the_run(tmp_path: Path, column: str) -> None:
    with pytest.raises(AuditError) as caught:
        audit(claims(tmp_path, spoil={column: 5}))
    assert caught.value.exit_code == 12
    assert column in caught.value.message and "62.5 %" in caught.value.message
    assert MARK not in caught.value.message
    assert list((tmp_path / "runs").iterdir()) == []


def test_a_few_unreadable_amounts_of_a_small_file_are_rejected_rows(tmp_path: Path) -> None:
    run = audit(claims(tmp_path, spoil={"paid_amount": 3}))
    assert quality(run)["rows"] == {"source": 8, "read": 5, "rejected": 3, "left_out": 0}


def test_many_unreadable_amounts_stop_a_run_though_most_can_be_read(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match="paid_amount_readable") as caught:
        audit(claims(tmp_path, member_count=50, spoil={"paid_amount": 21}))
    assert caught.value.exit_code == 12


def test_every_row_unreadable_is_a_wrong_layout(tmp_path: Path) -> None:
    with pytest.raises(AuditError) as caught:
        audit(claims(tmp_path, spoil={"paid_amount": 8}))
    assert caught.value.exit_code == 11


def test_a_run_told_to_go_on_goes_on_and_says_so(tmp_path: Path) -> None:
    from audit_lib.reports.cautions import cautions
    from audit_lib.run import Run

    path = claims(tmp_path, spoil={"paid_amount": 5, "service_unit_quantity": 6})
    run = audit(path, settings=Settings(continue_on_quality_failure=True))
    gate = quality(run)["gate"]
    assert gate["continued_regardless"] and gate["emptied_columns"] == [] == gate["stopped_rules"]
    assert quality(run)["rows"] == {"source": 8, "read": 2, "rejected": 6, "left_out": 0}
    assert any(
        "Not met: “Most of the paid amounts that are given can be read”" in caution
        for caution in cautions(Run.open(run))
    )


def test_a_gate_that_was_set_otherwise_is_the_cause_of_what_it_changed(tmp_path: Path) -> None:
    """Five of eight units cannot be read: the gate empties the column; without it their rows are rejected."""
    path = claims(tmp_path, spoil={"service_unit_quantity": 5})
    regardless = Settings(continue_on_quality_failure=True)
    gated, open_gate, no_gate = (
        audit(path, run_id="gated"),
        audit(path, run_id="open", settings=regardless),
        audit(path, run_id="none", with_quality=False),
    )
    totals = RunDiff(gated, open_gate).totals
    assert {(t.change, t.cause) for t in totals} == {("gained", "settings"), ("lost", "settings")}
    assert RunDiff(open_gate, no_gate).totals == []
    assert [(t.change, t.cause) for t in RunDiff(gated, no_gate).totals] == [(t.change, t.cause) for t in totals]


def test_a_run_without_the_gate_says_so(tmp_path: Path) -> None:
    run = audit(claims(tmp_path, spoil={"paid_amount": 5}), with_quality=False)
    assert quality(run)["left_out"] is True
    assert json.loads((run / "manifest.json").read_text("utf-8"))["quality"]["left_out"] is True


def test_a_period_of_paid_dates_needs_them(tmp_path: Path) -> None:
    path = claims(tmp_path)
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([lines[0] + ",paid_date", *(line + "," + MARK for line in lines[1:])]) + "\n", "utf-8")
    with pytest.raises(AuditError, match="paid_date") as caught:
        audit(path, period_by="paid")
    assert caught.value.exit_code == 12


# Statuses of eight lines → lines without one, lines with one that is neither paid nor denied, and those in percent of
# the statuses that are given.
STATUSES: dict[str, tuple[list[str], int, int, float]] = {
    "all known, however written": (["paid", "P", "Denied", "reversed", "PAID", "d", "void", "rejected"], 0, 0, 0.0),
    "none given": ([""] * 8, 8, 0, 0.0),
    "some not known": (["paid", "paid", "paid", "", "", "", MARK, "Adjusted"], 3, 2, 40.0),
    "none known": ([MARK] * 8, 0, 8, 100.0),
}


@pytest.mark.parametrize("name", STATUSES)
def test_statuses_that_are_neither_paid_nor_denied_are_counted(tmp_path: Path, name: str) -> None:
    statuses, missing_count, unknown_count, percent = STATUSES[name]
    path = claims(tmp_path)
    header, *lines = path.read_text("utf-8").splitlines()
    stated = [f"{line},{status}" for line, status in zip(lines, statuses, strict=True)]
    path.write_text("\n".join([header + ",claim_line_status", *stated]) + "\n", "utf-8")
    run = audit(path)
    told = {row["id"]: row for row in quality(run)["expectations"]}
    given, known = told["status_given"], told["status_known"]
    assert (given["status"], given["unexpected_count"]) == ("FAIL" if missing_count else "PASS", missing_count)
    assert (known["status"], known["unexpected_count"]) == ("FAIL" if unknown_count else "PASS", unknown_count)
    assert (known["unexpected_percent"] or 0.0) == percent
    assert not any(word in (run / "quality.json").read_text("utf-8").lower() for word in (MARK.lower(), "adjusted"))


def test_check_prints_a_table_and_tells_whether_a_run_would_stop(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(claims(tmp_path)), "--all"]) == 0
    said = capsys.readouterr()
    assert "A run would not be stopped." in said.out and "PASS" in said.out
    assert main(["check", str(claims(tmp_path, spoil={"paid_amount": 5}))]) == 12
    stopped = capsys.readouterr()
    assert "exit code 12" in stopped.out and "FAIL" in stopped.out
    assert MARK not in said.out + said.err + stopped.out + stopped.err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["claims.csv"]


def test_drift_against_the_newest_earlier_run_is_measured(tmp_path: Path) -> None:
    first = audit(claims(tmp_path, member_count=6), run_id="first")
    run = audit(claims(tmp_path, member_count=2), run_id="second")
    document = quality(run)
    assert document["compared_with_run"] == "first"
    (found,) = [p for p in document["profiles"] if p["name"] == "months_below_earlier_run"]
    then, now = (sum(Decimal(m["paid_amount"]) for m in quality(r)["months"]) for r in (first, run))
    assert (found["line_count"], Decimal(found["paid_amount"])) == (1, then - now)


def test_rules_named_by_suites_are_there_and_those_that_need_a_column_are_named() -> None:
    rules = {rule.name: rule for rule in load_rules()}
    expectations = [e for name in SUITES for e in read_suite(name).expectations]
    named = {name for e in expectations if e.meta.rules != "all" for name in e.meta.rules}
    assert named <= set(rules)
    stopping = [e for e in expectations if e.meta.stops == "rules"]
    for rule in rules.values():
        for column in rule.metadata.needs:
            gates = [e for e in stopping if column in e.meta.columns]
            assert any(e.meta.rules == "all" or rule.name in e.meta.rules for e in gates), (rule.name, column)


def test_missing_values_are_never_critical_but_in_keys() -> None:
    """Rules decide line by line on what is missing."""
    keys = {"claim_id", "claim_line_number", "member_id", "claim_line_start_date"}
    for expectation in read_suite("claims_as_read").expectations:
        if expectation.type == "expect_column_values_to_not_be_null" and expectation.severity == "critical":
            assert expectation.kwargs["column"] in keys


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('"severity": "warning"', '"severity": "grave"'), "severity"),
        (('"sentence"', '"sentense"'), "sentense"),
        (('"severity": "critical"', '"severity": "info"'), "say what they stop"),
        (("{", "", 1), "no JSON"),
    ],
)
def test_a_suite_that_is_not_whole_is_refused(change: tuple[Any, ...], words: str) -> None:
    text = json.dumps(json.loads(read_suite("infusion_lines").model_dump_json()))
    with pytest.raises(AuditError, match=words) as caught:
        parse_suite("infusion_lines.json", text.replace(*change))
    assert caught.value.exit_code == 10


@pytest.mark.parametrize("spoil", [{}, {"paid_amount": 3}])
def test_unmet_expectations_and_rejected_rows_are_said_wherever_totals_are(
    tmp_path: Path, spoil: dict[str, int]
) -> None:
    """Eight rows delivered twice are sixteen; whoever reads only the totals must hear that they are doubtful."""
    path = claims(tmp_path, spoil=spoil)
    path.with_name("resent.csv").write_bytes(path.read_bytes())
    options = RunOptions(
        str(tmp_path / "*.csv"), tmp_path / "runs", run_id="r", with_reports=False, with_shared_reports=True,
        rules=["supply_with_per_diem"],
    )  # fmt: skip
    run = run_audit(options, Progress(is_quiet=True)).path
    manifest = json.loads((run / "manifest.json").read_text("utf-8"))
    rejected = f"{2 * sum(spoil.values())} source rows of 16 could not be read."
    last_lines = summary(manifest, run, 0.0).splitlines()
    page = unescape((run / "shared_reports" / SHARED_REPORT).read_text("utf-8"))
    for said in ("\n".join(last_lines), page):
        assert "expected of the data and not met: " in said and TWICE in said and MARK not in said
    assert (rejected in last_lines) == bool(spoil)
    assert ("could not be read, and that nothing is reported on: fewer than 11." in page) == bool(spoil)


def test_a_scheduled_report_tells_managers_what_its_data_is_worth(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audit_lib.audit._render", lambda *_: None)
    path = claims(tmp_path, spoil={"paid_amount": 3})
    path.with_name("resent.csv").write_bytes(path.read_bytes())
    report = "weekly: {claims: '*.csv', ledger: false}"
    (tmp_path / "reports.yml").write_text(f"reports: {{{report}}}", "utf-8")
    plan = read_plan(tmp_path / "reports.yml")
    now = datetime(2026, 3, 16, 12, tzinfo=UTC)
    assert run_one(plan, "weekly", None, lambda: now, is_quiet=True) == 0
    cautions = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Caution: ")]
    index = unescape((tmp_path / "runs" / "index.html").read_text("utf-8"))
    for said in ("\n".join(cautions), index):
        assert TWICE in said and "6 source rows of 16 could not be read" in said and MARK not in said
