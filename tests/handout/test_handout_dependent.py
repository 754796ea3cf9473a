"""A finding that another line shows, where that line is itself demanded in full: one letter never asks for both."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from audit_lib.cli import main
from audit_lib.run import Run
from tests.handout.reading import Decide, Export, csv_rows, manifest, opened

PROVIDER = "provider_111111111"
TOLD = "not demanded because the line that shows it is itself found overpaid in full"
UNTOLD = "not demanded because it is not certain enough to be demanded"
NO_DRUG, PLACE = "per_diem_without_drug", "per_diem_place_of_service"
DRUG = "A 9 m J0690 30.00 111111111"
HOSPITAL = "2025-08-04 22"
# What is billed → what is demanded, and what is not because a line that is demanded shows it.
PAIRS = {
    "care of an idle port beside a per diem without its drug": (
        ["A 1 m S9500 90.00 111111111", "B 1 m S5502 40.00 111111111"], ["A1 90.00"], ["B1 40.00"],
    ),
    "an oral drug billed with a per diem without its drug": (
        ["A 1 m S9500 90.00 111111111", "A 2 m J8499 25.00 111111111"], ["A1 90.00"], ["A2 25.00"],
    ),
    "a repeated day whose first bill is of a hospital": (
        [f"A 1 m S9500 90.00 111111111 {HOSPITAL}", DRUG, "B 1 m S9500 91.00 111111111"], ["A1 90.00"], ["B1 91.00"],
    ),
    "a code that another excludes, which is of a hospital": (
        [f"A 1 m S9500 90.00 111111111 {HOSPITAL}", DRUG, "B 1 m S9494 91.00 111111111"], ["A1 90.00"], ["B1 91.00"],
    ),
    "nursing beside extra hours that have no first hours": (
        ["A 1 m 99602 50.00 111111111", "A 2 m S9123 60.00 111111111"], ["A1 50.00"], ["A2 60.00"],
    ),
    "a drug of a member's own hand, sixty days after a per diem without its drug": (
        ["A 1 m S9500 90.00 111111111", "B 1 m J0135 400.00 111111111 2025-10-03"], ["A1 90.00"], ["B1 400.00"],
    ),
    "an injection sixty days after a per diem without its drug": (
        ["A 1 m S9500 90.00 111111111", "B 1 m J3420 8.00 111111111 2025-10-03"], ["A1 90.00"], ["B1 8.00"],
    ),
    "a per diem that is overpaid in part shows what stands beside it": (
        [f"A 1 m S9500 90.00 111111111 {'2025-08-04 12'} 2", "A 2 m J0690 30.00 111111111",
         "C 1 m S9500 45.00 111111111 2025-08-05", "C 2 m J0690 30.00 111111111 2025-08-05",
         "B 1 m S5502 40.00 111111111"], ["A1 45.00", "B1 40.00"], [],
    ),
    "a finding on the same line that needs no other line stands": (
        ["A 1 m S9500 90.00 111111111", "B 1 m S9494 91.00 111111111"], ["A1 90.00", "B1 91.00"], [],
    ),
    "care of an idle port beside a per diem that is in order": (
        ["A 1 m S9500 90.00 111111111", DRUG, "B 1 m S5502 40.00 111111111"], ["B1 40.00"], [],
    ),
}  # fmt: skip


def _lines(out: Path, sheet: str, amount: str) -> list[str]:
    path = out / "providers" / PROVIDER / f"{sheet}.csv"
    rows = csv_rows(path) if path.is_file() else []
    return [f"{row['claim_id']}{row['claim_line_number']} {row[amount]}" for row in rows]


def _ties_out(out: Path, run: Path) -> dict[str, str]:
    """Return the totals of an export, whose parts must make what the run found overpaid."""
    totals: dict[str, str] = manifest(out)["totals"]
    parts = ("demanded", "contingent", "dependent", "time_barred", "closed", "recovered")
    net = Run.open(run).amount("totals", "net_overpaid_amount")
    assert sum(Decimal(totals[f"{part}_amount"]) for part in parts) == net == Decimal(totals["net_overpaid_amount"])
    return totals


@pytest.mark.parametrize("name", PAIRS)
def test_of_two_findings_that_exclude_each_other_one_is_demanded(
    audit: Callable[..., Path], export: Export, name: str
) -> None:
    rows, demanded, dependent = PAIRS[name]
    run = audit(rows)
    out = export(run, "--format", "csv", "--with-review", "--records-request")
    assert _lines(out, "lines", "demanded_amount") == demanded
    assert _lines(out, "not_demanded", "not_demanded_amount") == dependent
    if dependent:
        assert {r["not_demanded_reason"] for r in csv_rows(out / "providers" / PROVIDER / "not_demanded.csv")} == {TOLD}
    totals = _ties_out(out, run)
    assert (totals["dependent_line_count"], totals["contingent_amount"]) == (len(dependent), "0.00")
    amount = sum((Decimal(row.split()[1]) for row in dependent), Decimal("0.00"))
    assert Decimal(totals["dependent_amount"]) == amount
    (row,) = csv_rows(out / "overview.csv")
    assert (row["dependent_line_count"], row["dependent_amount"]) == (str(len(dependent)), f"{amount:.2f}")


def test_the_front_the_method_and_the_sender_are_told(
    audit: Callable[..., Path], export: Export, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = ["A 1 m S9500 90.00 111111111", "A 2 m A4222 7.00 111111111", "B 1 m S5502 40.00 111111111"]
    book = opened(export(audit(rows)) / "providers" / f"{PROVIDER}.xlsx")
    front = {row[0]: row[4] for row in book["Summary"].values}
    assert front["Not demanded: the line that shows it is itself found overpaid in full (1 line)"] == 40
    assert front["Not demanded: a per diem that includes the item is itself found overpaid in full (1 line)"] == 7
    (left_out,) = [row[1] for row in book["Method"].values if row[0] == "What is left out"]
    assert "what another claim line shows where that line is itself found overpaid in full" in left_out
    said = capsys.readouterr().out
    assert "$7.00 that rests on a per diem overpaid in full, $40.00 shown by another line overpaid in full" in said


def test_what_reviewers_gave_up_is_not_said_to_be_overpaid(decide: Decide, export: Export) -> None:
    rows, _, _ = PAIRS["care of an idle port beside a per diem without its drug"]
    run = decide([*rows, "C 1 n S9542 9.00 111111111"], f"A 1 {NO_DRUG} overturned")
    out = export(run, "--format", "csv")
    assert _lines(out, "lines", "demanded_amount") == ["C1 9.00"]
    reasons = {
        r["claim_id"]: r["not_demanded_reason"] for r in csv_rows(out / "providers" / PROVIDER / "not_demanded.csv")
    }
    assert (reasons["B"], "overturned" in reasons["A"]) == (UNTOLD, True)
    totals = _ties_out(out, run)
    assert (totals["dependent_amount"], totals["uncertain_amount"]) == ("40.00", "40.00")
    told = {r["topic"]: r["answer"] for r in csv_rows(out / "providers" / PROVIDER / "method.csv")}
    assert told["Not demanded: it is not certain enough to be demanded (1 line)"] == "40.00"
    assert not [topic for topic in told if "the line that shows it" in topic]


def test_neither_is_demanded_by_letters_of_two_periods(audit: Callable[..., Path], export: Export) -> None:
    rows = [
        "A 1 m S9500 90.00 111111111",
        "B 1 m J0135 400.00 111111111 2025-10-03",
        "C 1 n S9542 9.00 111111111 2025-10-03",
    ]
    demanded = []
    for month, last in (("08", "31"), ("10", "31")):
        run = audit(rows, "--from", f"2025-{month}-01", "--to", f"2025-{month}-{last}", name=month)
        out = export(run, "--format", "csv")
        _ties_out(out, run)
        demanded += _lines(out, "lines", "demanded_amount")
    assert demanded == ["A1 90.00", "C1 9.00"]


def test_the_open_cases_hold_what_is_demanded_and_what_depends_on_it(
    audit: Callable[..., Path], export: Export, tmp_path: Path
) -> None:
    run = audit(PAIRS["care of an idle port beside a per diem without its drug"][0])
    assert main(["export", str(run), "--for", "cases", "--out", str(tmp_path / "cases")]) == 0
    letter, cases = manifest(export(run))["totals"], manifest(tmp_path / "cases")["totals"]
    asked = Decimal(letter["demanded_amount"]) + Decimal(letter["dependent_amount"])
    assert asked == Decimal(cases["open_net_overpaid_amount"]) == Decimal("130.00")


def test_of_a_demanded_line_no_rule_is_named_that_rests_on_another_demanded_line(
    audit: Callable[..., Path], export: Export
) -> None:
    rows = [f"{claim} 1 m S9500 9{number}.00 111111111 {HOSPITAL}" for number, claim in enumerate("AB")]
    out = export(audit(rows), "--format", "csv")
    found = {row["claim_id"]: row for row in csv_rows(out / "providers" / PROVIDER / "lines.csv")}
    assert {claim: row["demanded_amount"] for claim, row in found.items()} == {"A": "90.00", "B": "91.00"}
    place = "Per diem or home visit at a place that is no home"
    assert {row["other_rules"] for row in found.values()} == {place}
