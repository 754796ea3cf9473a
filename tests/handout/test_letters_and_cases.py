"""A letter and the cases of a case-management tool ask for the same dollars, whatever reviewers gave up."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from audit_lib.cli import main
from audit_lib.resources import folder
from tests.handout.reading import CONTINGENT, Decide, Export, csv_rows, manifest, with_recovery

NO_DRUG, PLACE, SUPPLY = "per_diem_without_drug", "per_diem_place_of_service", "supply_with_per_diem"
UNITS = "per_diem_units_exceed_days"
# Two rules find the whole payment of A: no drug, and a hospital is no home.
TWO_RULES = ["A 1 m S9500 90.00 111111111 2025-08-04 22", "B 1 n S9542 9.00 111111111"]
Open = dict[tuple[str, str], tuple[str, str]]


def _open_cases(run: Path, out: Path) -> tuple[Open, dict[str, str]]:
    """Export the cases; return the open net and its contingent part by claim and rule, and the totals."""
    assert main(["export", str(run), "--for", "cases", "--out", str(out)]) == 0
    rules = {case["case_key"]: case["rule"] for case in csv_rows(out / "cases.csv")}
    told = {
        (row["claim_id"], rules[row["case_key"]]): (row["net_overpaid_amount"], row["contingent_overpaid_amount"])
        for row in csv_rows(out / "findings.csv")
        if row["is_open"] == "true"
    }
    return told, json.loads((out / "export.json").read_text("utf-8"))["totals"]


@pytest.mark.parametrize(("given_up", "standing"), [(NO_DRUG, PLACE), (PLACE, NO_DRUG)])
@pytest.mark.parametrize("disposition", ["overturned", "written_off"])
def test_what_another_rule_still_asks_for_is_open_in_its_case(
    decide: Decide, export: Export, tmp_path: Path, given_up: str, standing: str, disposition: str
) -> None:
    run = decide(TWO_RULES, f"A 1 {given_up} {disposition}")
    told, totals = _open_cases(run, tmp_path / "cases")
    assert told["A", standing] == ("90.00", "0.00") and ("A", given_up) not in told
    assert totals["closed_net_overpaid_amount"] == "0.00"
    assert manifest(export(run))["totals"]["demanded_amount"] == totals["open_net_overpaid_amount"]


def test_a_line_that_reviewers_gave_up_whole_is_in_no_open_case(decide: Decide, export: Export, tmp_path: Path) -> None:
    run = decide(TWO_RULES, f"A 1 {NO_DRUG} overturned", f"A 1 {PLACE} written_off")
    told, totals = _open_cases(run, tmp_path / "cases")
    assert {claim for claim, _ in told} == {"B"} and totals["closed_net_overpaid_amount"] == "90.00"
    assert manifest(export(run))["totals"]["demanded_amount"] == totals["open_net_overpaid_amount"]


def test_items_of_a_per_diem_that_reviewers_gave_up_stay_contingent(
    decide: Decide, export: Export, tmp_path: Path
) -> None:
    run = decide(CONTINGENT, f"A 1 {NO_DRUG} overturned")
    told, totals = _open_cases(run, tmp_path / "cases")
    assert told == {("A", SUPPLY): ("200.00", "200.00"), ("B", SUPPLY): ("7.00", "0.00")}
    letter = manifest(export(run))["totals"]
    asked = Decimal(letter["demanded_amount"]) + Decimal(letter["contingent_amount"])
    assert asked == Decimal(totals["open_net_overpaid_amount"])


def test_what_only_a_contingent_finding_still_asks_for_is_contingent() -> None:
    """Of one line a firm finding of 90 was given up, firm ones of 30 and 20 and a contingent one of 80 stand."""
    with duckdb.connect() as tables:
        tables.execute(
            """
            create table findings as
            select
                rule as finding_id, rule, outcome, amount, '741' as provider_id, 'A' as claim_id,
                2 as claim_line_number, 'm' as member_id, date '2025-08-04' as claim_line_start_date,
                date '2025-08-04' as claim_line_end_date, date '2025-09-01' as paid_date, 'A4222' as hcpcs_code,
                1 as service_unit_quantity, 90.00 as paid_amount, 'why' as reason, 'A.1' as policy_section,
                'text' as policy_text
            from (values ('gone', 90.00), ('items', 80.00), ('firm', 30.00), ('less', 20.00)) as found (rule, amount)
            cross join (values ('overpayment')) as outcomes (outcome);
            create table demand_findings as select *, rule = 'items' as is_contingent from findings;
            create table finding_standings as select finding_id, rule = 'gone' as is_given_up from findings;
            create table finding_status as
            select
                finding_id, case rule when 'gone' then 'closed' else 'open' end as status, '' as status_reason,
                '' as inherits_from_finding_id, 0.00 as net_review_amount,
                case rule when 'gone' then 10.00 when 'items' then 80.00 else 0.00 end as net_overpaid_amount
            from findings;
            create table rule_wording as select rule, rule as title from findings;
            create table handout_provider_names (provider_id varchar, provider_name varchar);
            create table recovery (finding_id varchar, recovery_status varchar, recover_by_date date);
            """
        )
        rows = tables.sql((folder("sql") / "cases" / "case_rows.sql").read_text("utf-8"))
        amounts = rows.project("rule, net_overpaid_amount, contingent_overpaid_amount").fetchall()
    assert {rule: (str(net), str(contingent)) for rule, net, contingent in amounts} == {
        "gone": ("0.00", "0.00"), "items": ("80.00", "50.00"), "firm": ("0.00", "0.00"),
        "less": ("0.00", "0.00"),
    }  # fmt: skip


def test_items_of_a_per_diem_that_stands_are_contingent(audit: Callable[..., Path], tmp_path: Path) -> None:
    told, _ = _open_cases(audit(CONTINGENT), tmp_path / "cases")
    assert told == {
        ("A", NO_DRUG): ("90.00", "0.00"), ("A", SUPPLY): ("200.00", "200.00"), ("B", SUPPLY): ("7.00", "0.00"),
    }  # fmt: skip
    cases = csv_rows(tmp_path / "cases" / "cases.csv")
    assert {row["rule"]: (row["net_overpaid_amount"], row["contingent_overpaid_amount"]) for row in cases} == {
        NO_DRUG: ("90.00", "0.00"), SUPPLY: ("207.00", "200.00"),
    }  # fmt: skip


def test_a_lead_that_reviewers_gave_up_is_under_review_no_more(decide: Decide, tmp_path: Path) -> None:
    rows = [row for m in "AB" for row in (f"{m} 1 m{m} S9500 80.00 111111111", f"{m} 2 m{m} J0690 30.00 111111111")]
    rows += ["X 1 mA A4927 12.00 111111111", "Y 1 mB A4927 13.00 111111111"]
    told, totals = _open_cases(decide(rows, f"X 1 {SUPPLY} overturned"), tmp_path / "cases")
    assert set(told) == {("Y", SUPPLY)}
    parts = ("run", "closed", "not_seen", "open")
    assert [totals[f"{part}_net_review_amount"] for part in parts] == ["25.00", "12.00", "0.00", "13.00"]


def test_a_finding_whose_last_day_passed_is_told_again(audit: Callable[..., Path], tmp_path: Path) -> None:
    run, told = audit(TWO_RULES), []
    for status in ("recoverable", "time_barred"):
        known = with_recovery(run, tmp_path / status, {NO_DRUG: (status, "2026-01-01")})
        words = ["export", str(known), "--for", "cases", "--ledger", str(run.parent / "ledger.duckdb")]
        assert main([*words, "--out", str(tmp_path / f"cases_{status}")]) == 0
        rows = csv_rows(tmp_path / f"cases_{status}" / "findings.csv")
        told.append({(row["claim_id"], row["change"], row["recovery_status"]) for row in rows})
    assert ("A", "new", "recoverable") in told[0] and ("A", "changed", "time_barred") in told[1]
    assert {change for _, change, _ in told[1]} == {"changed"}


def test_what_reviewers_closed_and_no_run_looks_at_again_is_closed(
    audit: Callable[..., Path], decide: Decide, tmp_path: Path
) -> None:
    rows = [
        f"{claim} {line} m{claim} {code} {paid} 111111111 {day}"
        for claim, day in (("A", "2025-08-04"), ("D", "2025-09-05"))
        for line, code, paid in ((1, "S9500", "80.00"), (2, "J0690", "30.00"), (3, "A4222", "10.00"))
    ]
    before = decide(rows, f"D 3 {SUPPLY} recovered 10.00").parent / "r"
    assert set(_open_cases(before, tmp_path / "one")[0]) == {("A", SUPPLY), ("D", SUPPLY)}
    _, totals = _open_cases(audit(rows, "--to", "2025-08-31", name="later"), tmp_path / "two")
    columns = ("claim_id", "change", "change_reason", "is_open", "net_overpaid_amount")
    assert [[row[name] for name in columns] for row in csv_rows(tmp_path / "two" / "findings.csv")] == [
        ["D", "closed", "closed: recovered", "false", "0.00"]
    ]
    assert totals["open_net_overpaid_amount"] == "10.00"


def test_what_is_not_looked_at_again_gives_its_dollars_to_another_rule_once(
    audit: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Three units on a day, and no drug: the later runs look at the units alone, and are exported again and again."""
    rows = ["A 1 m S9500 90.00 111111111 2025-08-04 12 3", "B 1 m S9500 90.00 111111111 2025-08-05 12 1"]
    told, _ = _open_cases(audit(rows), tmp_path / "first")
    assert told["A", NO_DRUG] == ("90.00", "0.00")
    second = audit(rows, "--rules", UNITS, name="second")
    told, totals = _open_cases(second, tmp_path / "second")
    assert told == {("A", NO_DRUG): ("30.00", "0.00"), ("A", UNITS): ("60.00", "0.00")}
    assert totals["open_net_overpaid_amount"] == "180.00"
    for run in (second, audit(rows, "--rules", UNITS, name="third")):
        capsys.readouterr()
        assert main(["export", str(run), "--for", "cases", "--out", str(tmp_path / "again")]) == 0
        assert "Nothing changed" in capsys.readouterr().out
