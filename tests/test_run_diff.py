"""What changed between two runs: gained, lost, changed; by data, settings or rule version; the sums tie out."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from audit_lib.audit import RunOptions, run_audit
from audit_lib.cli import main
from audit_lib.errors import AuditError
from audit_lib.progress import Progress
from audit_lib.resources import folder
from audit_lib.run_diff import RunDiff
from audit_lib.settings import Settings
from tests.gated_runs import audit as audit_rows
from tests.gated_runs import claim

COLUMNS = ["claim_id", "claim_line_number", "member_id", "claim_line_start_date", "hcpcs_code", "paid_amount",
           "service_unit_quantity", "billing_tin", "place_of_service_code"]  # fmt: skip
PER_DIEM = "S9500 90.00"
SUPPLY = "A4222 40.00"
RULES = ["supply_with_per_diem", "per_diem_place_of_service", "flush_with_home_infusion"]
Claims = dict[str, list[str]]
Auditor = Callable[..., Path]
CLAIMS: Claims = {"A": [PER_DIEM, SUPPLY], "B": [PER_DIEM, SUPPLY], "C": [PER_DIEM, "J1642 5.00", SUPPLY]}


@pytest.fixture
def audit(tmp_path: Path) -> Auditor:
    """Return a function that audits claims given as claim → `code paid [place]`, one member per claim."""

    def run(claims: Claims, name: str, rules: list[str] | None = None, **settings: object) -> Path:
        path = tmp_path / f"{name}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            for claim, lines in claims.items():
                for number, line in enumerate(lines, start=1):
                    code, paid, place = [*line.split(), "12"][:3]
                    writer.writerow([claim, number, f"M{claim}", "2025-08-01", code, paid, 1, "741", place])
        options = RunOptions(
            str(path), tmp_path / "runs", rules=rules or RULES, settings=Settings.model_validate(settings),
            run_id=name, with_reports=False, with_quality=False,
        )  # fmt: skip
        return run_audit(options, Progress(is_quiet=True)).path

    return run


def differences(diff: RunDiff, tmp_path: Path) -> list[tuple[str, ...]]:
    path = tmp_path / "diff.csv"
    diff.write(path)
    with path.open(encoding="utf-8", newline="") as file:
        return [
            (r["change"], r["cause"], r["rule"], r["claim_id"], r["claim_line_number"]) for r in csv.DictReader(file)
        ]


def test_runs_of_the_same_claims_do_not_differ(audit: Auditor, tmp_path: Path) -> None:
    diff = RunDiff(audit(CLAIMS, "one"), audit(CLAIMS, "two", threads=1))
    assert (diff.totals, differences(diff, tmp_path)) == ([], [])
    assert diff.net_a == diff.net_b
    assert diff.net_a.overpaid == Decimal("125.00")


def test_changed_claims_are_the_cause_where_lines_differ_or_are_gone(audit: Auditor, tmp_path: Path) -> None:
    later: Claims = {"A": [PER_DIEM, "A4222 30.00"], "C": [PER_DIEM, "J1642 5.00"], "D": [PER_DIEM, SUPPLY]}
    diff = RunDiff(audit(CLAIMS, "one"), audit(later, "two"))
    assert differences(diff, tmp_path) == [
        ("gained", "data", "supply_with_per_diem", "D", "2"),
        ("lost", "data", "supply_with_per_diem", "B", "2"),
        ("lost", "data", "supply_with_per_diem", "C", "3"),
        ("changed", "data", "supply_with_per_diem", "A", "2"),
    ]
    assert diff.total("lost").net_overpaid == Decimal("80.00")
    assert diff.total("changed").net_overpaid == Decimal("-10.00")
    assert diff.net_b.overpaid - diff.net_a.overpaid == Decimal("-50.00")


def test_a_per_diem_that_is_gone_loses_its_supply_by_data_even_where_settings_changed(
    audit: Auditor, tmp_path: Path
) -> None:
    earlier: Claims = {"C": [PER_DIEM, "J1642 5.00", SUPPLY], "E": [PER_DIEM, SUPPLY]}
    later: Claims = {"C": [PER_DIEM, "J1642 5.00", SUPPLY], "E": ["99213 90.00", SUPPLY]}
    diff = RunDiff(audit(earlier, "one"), audit(later, "two", literal_supply_range=True))
    assert differences(diff, tmp_path) == [("lost", "data", "supply_with_per_diem", "E", "2")]


def test_settings_are_the_cause_where_the_rule_decided_alike(audit: Auditor, tmp_path: Path) -> None:
    overrides = tmp_path / "overrides.csv"
    overrides.write_text(
        "provider_id,rule,hcpcs_code,date_from,date_to,action,note,approved_by\n"
        "741,flush_with_home_infusion,,,,exempt,contract,me\n"
    )
    settings = {"overrides": overrides, "review_only": ["supply_with_per_diem"]}
    later = {**CLAIMS, "D": [PER_DIEM, SUPPLY]}
    diff = RunDiff(audit(CLAIMS, "one"), audit(later, "two", **settings))
    assert differences(diff, tmp_path) == [
        ("gained", "data", "supply_with_per_diem", "D", "2"),
        ("lost", "settings", "flush_with_home_infusion", "C", "2"),
        ("changed", "settings", "supply_with_per_diem", "A", "2"),
        ("changed", "settings", "supply_with_per_diem", "B", "2"),
        ("changed", "settings", "supply_with_per_diem", "C", "3"),
    ]
    assert diff.total("changed").net_overpaid == Decimal("-120.00")
    assert diff.total("changed").net_review == Decimal("120.00")


def test_an_overrides_file_with_other_rows_is_other_settings(audit: Auditor, tmp_path: Path) -> None:
    overrides = tmp_path / "overrides.csv"
    header = "provider_id,rule,hcpcs_code,date_from,date_to,action,note,approved_by\n"
    overrides.write_text(header)
    before = audit(CLAIMS, "one", overrides=overrides)
    overrides.write_text(header + "741,supply_with_per_diem,,,,exempt,contract,me\n")
    diff = RunDiff(before, audit(CLAIMS, "two", overrides=overrides))
    assert {(change, cause) for change, cause, *_ in differences(diff, tmp_path)} == {("lost", "settings")}


def test_rules_left_out_by_choice_are_settings(audit: Auditor, tmp_path: Path) -> None:
    diff = RunDiff(audit(CLAIMS, "one"), audit(CLAIMS, "two", rules=["supply_with_per_diem"]))
    assert differences(diff, tmp_path) == [("lost", "settings", "flush_with_home_infusion", "C", "2")]


def test_a_rule_with_another_version_or_sql_is_the_cause(audit: Auditor, tmp_path: Path) -> None:
    before, after = audit(CLAIMS, "one"), audit({**CLAIMS, "B": [PER_DIEM]}, "two")
    manifest = json.loads((after / "manifest.json").read_text())
    manifest["inputs"] = json.loads((before / "manifest.json").read_text())["inputs"]  # as if the claims were the same
    for rule in manifest["rules"]:
        rule["sql_sha256"] = "other"
    (after / "manifest.json").write_text(json.dumps(manifest))
    assert differences(RunDiff(before, after), tmp_path) == [("lost", "rule version", "supply_with_per_diem", "B", "2")]


def test_a_tampered_run_is_refused(audit: Auditor) -> None:
    before, after = audit(CLAIMS, "one"), audit(CLAIMS, "two")
    manifest = json.loads((after / "manifest.json").read_text())
    manifest["totals"]["net_overpaid_amount"] = "1.00"
    (after / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(AuditError, match="do not add up") as caught:
        RunDiff(before, after)
    assert caught.value.exit_code == 2


def test_the_command_prints_counts_and_dollars_and_overwrites_nothing(
    audit: Auditor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, after = audit(CLAIMS, "one"), audit({"A": CLAIMS["A"]}, "two")
    out = tmp_path / "out.csv"
    assert main(["diff", str(before), str(after), "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert [line.split() for line in printed.splitlines()[1:8]] == [
        ["gained", "all", "0", "$0.00", "$0.00"],
        ["lost", "data", "3", "$85.00", "$0.00"],
        ["lost", "all", "3", "$85.00", "$0.00"],
        ["changed", "all", "0", "$0.00", "$0.00"],
        ["net", "of", "A", "$125.00", "$0.00"],
        ["net", "of", "B", "$40.00", "$0.00"],
        ["B", "-", "A", "-$85.00", "$0.00"],
    ]
    assert out.stat().st_mode & 0o077 == 0
    assert main(["diff", str(before), str(after), "--out", str(out)]) == 2
    assert main(["diff", str(before), str(after), "--out", str(tmp_path / "out.xlsx")]) == 2
    assert "ends with .csv" in capsys.readouterr().err
    assert main(["diff", str(before), str(tmp_path / "nowhere")]) == 2
    assert main(["diff", str(before), str(after), "--out", str(tmp_path / "no" / "folder.csv")]) == 14


def by_month(place: Path, name: str, rows: list[dict[str, str]], days: tuple[int, int], **settings: object) -> Path:
    """Audit rows of `gated_runs.claim` over some days of August 2025, by paid dates."""
    (place / name).mkdir()
    period = {"period_from": date(2025, 8, days[0]), "period_to": date(2025, 8, days[1]), "period_by": "paid"}
    audit_rows(place / name, rows, Settings.model_validate(settings), **period)
    return place / name / "r"


def paid(name: str, day: int, amount: str = "40.00", **values: str) -> list[dict[str, str]]:
    per_diem, pump = claim(name, paid_date=f"2025-08-{day:02}", **values)
    return [per_diem, {**pump, "paid_amount": amount}]


def test_the_period_is_the_cause_where_a_line_lies_in_one_runs_period_only(tmp_path: Path) -> None:
    """A month later nothing but the month is another: no settings changed, and a manager who asks why is told so.

    Before is delivered to both runs, After and New are in the later period, New in the later files alone. Again lies in
    both periods and costs less, Late too and came later. Denied is of the earlier period, but was denied since; as its
    member has another finding, both runs keep the line.
    """
    earlier = [*paid("Before", 5), *paid("After", 25), *paid("Again", 15), *paid("Denied", 6, member_id="Same"),
               *paid("Same", 14)]  # fmt: skip
    later = [
        *paid("Before", 5), *paid("After", 25), *paid("New", 26), *paid("Again", 15, "30.00"), *paid("Late", 14),
        *paid("Denied", 6, member_id="Same", claim_line_status="denied"), *paid("Same", 14),
    ]  # fmt: skip
    diff = RunDiff(by_month(tmp_path, "one", earlier, (1, 20)), by_month(tmp_path, "two", later, (10, 31)))
    assert differences(diff, tmp_path) == [
        ("gained", "data", "supply_with_per_diem", "Late", "2"),
        ("gained", "period", "supply_with_per_diem", "After", "2"),
        ("gained", "period", "supply_with_per_diem", "New", "2"),
        ("lost", "data", "supply_with_per_diem", "Denied", "2"),
        ("lost", "period", "supply_with_per_diem", "Before", "2"),
        ("changed", "data", "supply_with_per_diem", "Again", "2"),
    ]
    assert repr(diff).splitlines()[:2] == [
        "Period of A: paid dates from 1 Aug 2025 to 20 Aug 2025.",
        "Period of B: paid dates from 10 Aug 2025 to 31 Aug 2025.",
    ]


def test_settings_stay_the_cause_in_both_periods(tmp_path: Path) -> None:
    rows = [*paid("Before", 5), *paid("After", 25), *paid("Same", 14)]
    one = by_month(tmp_path, "one", rows, (1, 20))
    diff = RunDiff(one, by_month(tmp_path, "two", rows, (10, 31), review_only=["supply_with_per_diem"]))
    assert differences(diff, tmp_path) == [
        ("gained", "period", "supply_with_per_diem", "After", "2"),
        ("lost", "period", "supply_with_per_diem", "Before", "2"),
        ("changed", "settings", "supply_with_per_diem", "Same", "2"),
    ]
    assert not repr(RunDiff(one, one)).startswith("Period of A")


def test_a_finding_is_told_of_whom_the_later_run_says_it_is_and_of_what_code() -> None:
    columns = "run, member_id, provider_id, hcpcs_code, outcome, amount, net_overpaid_amount"
    with duckdb.connect() as connection:
        connection.execute(
            f"""
            create table credited_findings as
            select 'x' as rule, 'A' as claim_id, 1 as claim_line_number, 0.00 as net_review_amount, *
            from (
                values ('a', 'm', '741', 'A4222', 'overpayment', 9.00, 9.00),
                ('b', 'n', '742', 'A4223', 'overpayment', 8.00, 8.00)
            ) as t ({columns})
            """
        )
        changes = connection.sql((folder("sql") / "diff" / "finding_changes.sql").read_text("utf-8"))
        found = changes.project("change, member_id, provider_id, hcpcs_code").fetchall()
    assert found == [("changed", "n", "742", "A4223")]
