"""Cases for a case-management tool: only what changed, nothing silently dropped, remembered once it is whole."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
import signal
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from audit_lib.audit import RunOptions, run_audit
from audit_lib.cli import main
from audit_lib.handout.cases import case_sheets, export_cases
from audit_lib.holds import holds
from audit_lib.ledger.dispositions import import_dispositions
from audit_lib.ledger.store import ledger_tables, open_ledger
from audit_lib.progress import Progress
from audit_lib.run import Run
from audit_lib.settings import Settings
from tests.conftest import ROOT

SUPPLY = "supply_with_per_diem"
HEADER = (
    "claim_id,claim_line_number,member_id,claim_line_start_date,hcpcs_code,service_unit_quantity,paid_amount,"
    "billing_tin,place_of_service_code,paid_date,claim_frequency_code,original_claim_id"
)
Amounts = dict[str, str]
DAY = "2025-08-10"
# What each month's file holds: the supply of each claim, paid beside a per diem on the same claim. Month by month
# A stays, B's amount changes, C is no longer paid, D lies outside the window, E is replaced by F, G comes, H is
# recovered, I gets another provider.
MONTHS: list[Amounts] = [
    {"A": "10.00", "B": "20.00", "C": "30.00", "D": "40.00", "E": "50.00", "H": "60.00", "I": "70.00"},
    {"A": "10.00", "B": "25.00", "C": "0.00", "E": "50.00", "F": "55.00", "G": "5.00", "H": "60.00", "I": "70.00"},
    {"A": "10.00", "B": "25.00", "C": "30.00", "E": "50.00", "F": "55.00", "G": "5.00", "H": "60.00", "I": "70.00"},
]


def _lines(month: int, name: str, paid: str) -> list[str]:
    tin = "222222222" if name == "I" and month else "111111111"
    tail = f"{tin},12,2025-08-20,{'7,E' if name == 'F' else '1,'}"
    member = "mE" if name == "F" else f"m{name}"
    day = "2025-09-05" if name == "D" else DAY
    return [f"{name},1,{member},{day},S9500,1,90.00,{tail}", f"{name},2,{member},{day},A4222,1,{paid},{tail}",
            f"{name},3,{member},{day},J0696,1,9.00,{tail}"]  # fmt: skip


def _audit(place: Path, month: int, claims: Amounts, **options: Any) -> Path:
    path = place / f"claims{month}.csv"
    rows = [line for name, paid in claims.items() for line in _lines(month, name, paid)]
    path.write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")
    asked = {"rules": [SUPPLY], "ledger": place / "runs" / "ledger.duckdb", **options}
    run = RunOptions(
        str(path), place / "runs", run_id=f"run{month}", with_reports=False, with_quality=False,
        as_of=date(2025, 9 + month, 1),
        settings=Settings.model_validate({}), **asked,
    )  # fmt: skip
    return run_audit(run, Progress(is_quiet=True)).path


def _recover(place: Path, run: Path, claim: str, amount: str) -> None:
    """Let a finding be recovered, which closes it."""
    finding = duckdb.sql(f"select finding_id from '{run / 'findings.parquet'}' where claim_id = '{claim}'").fetchall()
    path = place / "done.csv"
    path.write_text(
        "finding_id,disposition,disposition_date,case_number,recovered_amount,reason,user\n"
        f"{finding[0][0]},recovered,2025-09-10,C-1,{amount},paid back,ann\n",
        "utf-8",
    )
    with open_ledger(place / "runs" / "ledger.duckdb") as ledger:
        import_dispositions(ledger, path, date(2025, 9, 11))


def _export(place: Path, run: Path) -> Path:
    out = place / f"cases_of_{run.name}"
    assert main(["export", str(run), "--for", "cases", "--out", str(out)]) == 0
    return out


def _csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three months, each exported: from the second on the window ends with August; in the third C is paid once more."""
    place = tmp_path_factory.mktemp("cases")
    for month, claims in enumerate(MONTHS):
        window = {"period_to": date(2025, 8, 31)} if month else {}
        run = _audit(place, month, claims, **window)
        _export(place, run)
        if month == 0:
            _recover(place, run, "H", "60.00")
    return place


def _changes(story: Path, month: int) -> dict[str, str]:
    return {row["claim_id"]: row["change"] for row in _csv(story / f"cases_of_run{month}" / "findings.csv")}


def test_the_first_export_tells_every_finding(story: Path) -> None:
    assert _changes(story, 0) == dict.fromkeys(MONTHS[0], "new")
    cases = _csv(story / "cases_of_run0" / "cases.csv")
    assert {(c["service_month"], c["change"], c["finding_count"], c["net_overpaid_amount"]) for c in cases} == {
        ("2025-09", "new", "1", "40.00"), ("2025-08", "new", "6", "240.00"),
    }  # fmt: skip


def test_only_what_changed_is_told_and_what_vanished_is_withdrawn(story: Path) -> None:
    assert _changes(story, 1) == {
        "B": "changed", "C": "withdrawn", "E": "withdrawn", "F": "new", "G": "new", "H": "closed", "I": "changed",
    }  # fmt: skip
    rows = {row["claim_id"]: row for row in _csv(story / "cases_of_run1" / "findings.csv")}
    assert all(rows[name]["change_reason"] for name in "CEH")
    assert [(rows[name]["is_open"], rows[name]["net_overpaid_amount"]) for name in "CEH"] == [("false", "0.00")] * 3
    first = {row["claim_id"]: row for row in _csv(story / "cases_of_run0" / "findings.csv")}
    assert rows["F"]["inherits_from_finding_id"] == first["E"]["finding_id"]


def test_what_was_not_looked_at_again_stays_open(story: Path) -> None:
    """D lies outside the window of the later months: nothing is known of it, so nothing is told."""
    assert "D" not in _changes(story, 1) | _changes(story, 2)
    totals = json.loads((story / "cases_of_run2" / "export.json").read_text("utf-8"))["totals"]
    assert (totals["not_seen_finding_count"], totals["not_seen_net_overpaid_amount"]) == (1, "40.00")


def test_what_comes_back_is_reopened(story: Path) -> None:
    assert _changes(story, 2) == {"C": "reopened"}


def test_a_line_that_moves_to_another_provider_changes_both_cases(story: Path) -> None:
    cases = {row["provider_id"]: row for row in _csv(story / "cases_of_run1" / "cases.csv")}
    assert (cases["222222222"]["change"], cases["222222222"]["net_overpaid_amount"]) == ("new", "70.00")
    # A 10, B 25, F 55, G 5 are left
    assert (cases["111111111"]["change"], cases["111111111"]["net_overpaid_amount"]) == ("changed", "95.00")


def test_a_case_management_tool_that_took_in_every_export_ties_out(story: Path) -> None:
    """Rows written over those with the same key, as an import does: the dollars are those of the run, to the cent."""
    findings: dict[str, dict[str, str]] = {}
    cases: dict[str, dict[str, str]] = {}
    for month in range(len(MONTHS)):
        out = story / f"cases_of_run{month}"
        findings |= {row["finding_id"]: row for row in _csv(out / "findings.csv")}
        cases |= {row["case_key"]: row for row in _csv(out / "cases.csv")}
        totals = json.loads((out / "export.json").read_text("utf-8"))["totals"]
        by_finding = sum(Decimal(row["net_overpaid_amount"]) for row in findings.values())
        assert by_finding == sum(Decimal(row["net_overpaid_amount"]) for row in cases.values())
        run, closed, unseen, is_open = (
            Decimal(totals[f"{part}_net_overpaid_amount"]) for part in ("run", "closed", "not_seen", "open")
        )
        assert by_finding == is_open == run - closed + unseen
        assert run == Run.open(story / "runs" / f"run{month}").amount("totals", "net_overpaid_amount") > 0
        assert sum(row["is_open"] == "true" for row in findings.values()) == totals["open_finding_count"]
    for row in cases.values():
        own = [f for f in findings.values() if f["case_key"] == row["case_key"] and f["is_open"] == "true"]
        assert len(own) == int(row["finding_count"])


def test_the_key_of_a_case_is_its_provider_rule_and_month(story: Path) -> None:
    for row in _csv(story / "cases_of_run0" / "cases.csv"):
        text = f"{row['provider_id']}|{row['rule']}|{row['service_month']}"
        assert row["case_key"] == hashlib.sha256(text.encode()).hexdigest()[:16]


def test_json_says_what_csv_says(story: Path) -> None:
    out = story / "cases_of_run1"
    told = json.loads((out / "cases.json").read_text("utf-8"))
    assert (told["previous_run_id"], told["run_id"]) == ("run0", "run1")
    nested = [finding for case in told["cases"] for finding in case.pop("findings")]
    for name, rows in (("cases", told["cases"]), ("findings", nested)):
        plain = [
            {k: str(v).lower() if isinstance(v, bool) else "" if v is None else str(v) for k, v in row.items()}
            for row in rows
        ]
        assert plain == _csv(out / f"{name}.csv")


def test_an_export_is_private_and_holds_the_run(story: Path) -> None:
    out = story / "cases_of_run0"
    assert sorted(path.name for path in out.iterdir()) == ["cases.csv", "cases.json", "export.json", "findings.csv"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in [out, *out.iterdir()])
    held = [hold for hold in holds(story / "runs") if hold.run == "run0"]
    assert {hold.is_automatic for hold in held} == {True} and "cases_of_run0" in held[0].reason
    for file in json.loads((out / "export.json").read_text("utf-8"))["files"]:
        assert hashlib.sha256((out / file["path"]).read_bytes()).hexdigest() == file["sha256"]


def test_the_same_run_again_says_that_nothing_changed(story: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(story / "runs" / "run2"), "--for", "cases", "--out", str(story / "again")]) == 0
    assert re.search(r"Nothing changed since the export of \d{4}-\d\d-\d\d \(run run2\)", capsys.readouterr().out)
    assert not (story / "again").exists()


def test_an_older_run_is_refused(story: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(story / "runs" / "run0"), "--for", "cases", "--out", str(story / "older")]) == 2
    assert "the later run run2" in capsys.readouterr().err
    assert not (story / "older").exists()


def test_a_run_that_the_ledger_does_not_know_is_refused(
    story: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_ledger(tmp_path / "other.duckdb"):
        pass
    words = ["export", str(story / "runs" / "run2"), "--for", "cases", "--ledger"]
    assert main([*words, str(tmp_path / "other.duckdb")]) == 2
    assert "is not recorded in the ledger" in capsys.readouterr().err
    assert main([*words, str(tmp_path / "none.duckdb")]) == 2
    assert "There is no ledger" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [["--for", "cases", "--provider", "1"], ["--for", "cases", "--format", "csv"], ["--ledger", "x.duckdb"],
     ["--for", "cases", "--with-review"], ["--for", "cases", "--records-request"]],
)  # fmt: skip
def test_options_of_the_other_export_are_refused(
    story: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", str(story / "runs" / "run2"), *words]) == 2
    assert "Leave the other options out" in capsys.readouterr().err


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place with a run that nothing was exported of."""
    place = tmp_path_factory.mktemp("audited")
    _audit(place, 0, {"A": "10.00"})
    return place


@pytest.fixture
def fresh(audited: Path, tmp_path: Path) -> Path:
    """Return a copy of that place for the test alone."""
    return shutil.copytree(audited, tmp_path / "place")


KILLED = """
import os, signal, sys
from pathlib import Path
from audit_lib.handout import cases
from audit_lib.run import Run
cases.record_export = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
cases.export_cases(Run.open(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
"""


def test_killed_before_the_ledger_knows_the_next_export_tells_the_same_again(fresh: Path) -> None:
    run, ledger = fresh / "runs" / "run0", fresh / "runs" / "ledger.duckdb"
    words = [sys.executable, "-c", KILLED, *map(str, (run, ledger, fresh / "first"))]
    assert subprocess.run(words, cwd=ROOT).returncode == -signal.SIGKILL
    assert list(fresh.glob("runs/.ledger-scratch-*"))
    export_cases(Run.open(run), ledger, fresh / "second")
    first, second = (_csv(fresh / name / "findings.csv") for name in ("first", "second"))
    assert first == second and len(first) == 1
    assert not list(fresh.glob("runs/.*-scratch-*"))


def test_a_folder_that_could_not_be_written_is_not_remembered(
    fresh: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = fresh / "runs" / "run0"

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("audit_lib.handout.cases._write_json", fail)
    assert main(["export", str(run), "--for", "cases", "--out", str(fresh / "out")]) == 14
    assert "The export cannot be written" in capsys.readouterr().err
    assert not (fresh / "out").exists() and not list(fresh.glob("runs/.*-scratch-*"))
    with open_ledger(fresh / "runs" / "ledger.duckdb") as ledger:
        assert ledger.rows("from ledger.case_exports") == ledger.rows("from ledger.case_export_rows") == []


def test_every_column_is_remembered_and_explained() -> None:
    page = (ROOT / "docs" / "case_export.md").read_text("utf-8")
    for sheet in case_sheets().values():
        assert [name for name in sheet["columns"] if f"| `{name}` |" not in page] == []
    kept = set(ledger_tables()["case_export_rows"]["columns"])
    assert set(case_sheets()["findings"]["columns"]) <= kept
