"""Hand-outs after reviewers spoke: what they closed, and what was recovered already, is not demanded."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from audit_lib.run import Run
from tests.handout.reading import CONTINGENT, Decide, Export, all_text, csv_rows, manifest, opened, table

pytestmark = pytest.mark.usefixtures("evidence_once")

PROVIDER = "provider_111111111"
SUPPLY, NO_DRUG, PLACE = "supply_with_per_diem", "per_diem_without_drug", "per_diem_place_of_service"
UNITS = "per_diem_units_exceed_days"
# Six supplies, each beside a per diem of its own with its drug.
SUPPLIES = [
    row
    for claim in "ABCDEF"
    for row in (f"{claim} 1 m{claim} S9500 80.00 111111111", f"{claim} 2 m{claim} J0690 30.00 111111111",
                f"{claim} 3 m{claim} A4222 10.00 111111111")
]  # fmt: skip


def _demanded(out: Path) -> dict[tuple[str, str], str]:
    rows = csv_rows(out / "providers" / PROVIDER / "lines.csv")
    return {(row["claim_id"], row["claim_line_number"]): row["demanded_amount"] for row in rows}


def _not_demanded(out: Path) -> dict[tuple[str, str], list[tuple[str, str]]]:
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in csv_rows(out / "providers" / PROVIDER / "not_demanded.csv"):
        key = row["claim_id"], row["claim_line_number"]
        found.setdefault(key, []).append((row["not_demanded_amount"], row["not_demanded_reason"]))
    return found


def _ties_out(out: Path, run: Path) -> dict[str, Any]:
    """Return the totals, which must hold every net dollar of the run once, and as the sheets hold them."""
    totals = manifest(out)["totals"]
    parts = ("demanded", "contingent", "time_barred", "closed", "recovered")
    net = Run.open(run).amount("totals", "net_overpaid_amount")
    assert sum(Decimal(totals[f"{part}_amount"]) for part in parts) == net == Decimal(totals["net_overpaid_amount"])
    assert sum(map(Decimal, _demanded(out).values())) == Decimal(totals["demanded_amount"])
    left_out = [Decimal(amount) for rows in _not_demanded(out).values() for amount, _ in rows]
    assert sum(left_out) == net - Decimal(totals["demanded_amount"])
    found: dict[str, Any] = totals
    return found


OVERTURNED = "not demanded because reviewers overturned the finding"
WRITTEN_OFF = "not demanded because the plan does not pursue it"
RECOVERED = "not demanded because it was recovered already"


def test_what_reviewers_closed_is_not_demanded_and_listed_with_its_reason(
    decide: Decide, export: Export, capsys: pytest.CaptureFixture[str]
) -> None:
    run = decide(
        SUPPLIES, f"A 3 {SUPPLY} overturned", f"B 3 {SUPPLY} written_off", f"C 3 {SUPPLY} recovered 10.00",
        f"D 3 {SUPPLY} disputed", f"E 3 {SUPPLY} upheld",
    )  # fmt: skip
    out = export(run, "--format", "csv")
    assert _demanded(out) == {(claim, "3"): "10.00" for claim in "DEF"}
    assert _not_demanded(out) == {
        ("A", "3"): [("10.00", OVERTURNED)], ("B", "3"): [("10.00", WRITTEN_OFF)], ("C", "3"): [("10.00", RECOVERED)],
    }  # fmt: skip
    totals = _ties_out(out, run)
    assert (totals["closed_line_count"], totals["closed_amount"]) == (2, "20.00")
    assert (totals["recovered_line_count"], totals["recovered_amount"]) == (1, "10.00")
    assert "$20.00 that reviewers closed, $10.00 recovered already" in capsys.readouterr().out


def test_the_front_and_the_method_of_a_workbook_say_so(decide: Decide, export: Export) -> None:
    run = decide(SUPPLIES, f"A 3 {SUPPLY} overturned", f"C 3 {SUPPLY} recovered 4.00")
    book = export(run) / "providers" / f"{PROVIDER}.xlsx"
    text = all_text(book)
    assert "Not demanded: reviewers closed the finding (1 line)" in text
    assert "Not demanded: it was recovered already (1 line)" in text
    assert "what reviewers closed" in text  # on the method sheet
    assert [row["Not demanded"] for row in table(book, "Not demanded")] == [10, 4]


def test_of_a_recovery_in_part_the_rest_is_demanded_and_the_evidence_says_how(decide: Decide, export: Export) -> None:
    run = decide(SUPPLIES, f"A 3 {SUPPLY} recovered 4.00")
    out = export(run, "--format", "csv")
    assert (_demanded(out)["A", "3"], _demanded(out)["B", "3"]) == ("6.00", "10.00")
    assert _not_demanded(out) == {("A", "3"): [("4.00", RECOVERED)]}
    _ties_out(out, run)
    computed = {
        row["claim_id"]: row["answer"]
        for row in csv_rows(out / "providers" / PROVIDER / "evidence.csv")
        if row["point"] == "How the amount was computed"
    }
    assert computed["A"].endswith("Recovered on the line already: $4.00. Demanded: $6.00.")
    assert "Recovered" not in computed["B"]


def test_the_rest_that_was_written_off_stands_beside_what_was_recovered(decide: Decide, export: Export) -> None:
    run = decide(SUPPLIES, f"A 3 {SUPPLY} recovered 4.00", f"A 3 {SUPPLY} written_off")
    out = export(run, "--format", "csv")
    assert ("A", "3") not in _demanded(out)
    assert sorted(_not_demanded(out)["A", "3"]) == [("4.00", RECOVERED), ("6.00", WRITTEN_OFF)]
    _ties_out(out, run)


# Two rules find the whole payment of one line: no drug, and a hospital is no home.
TWO_RULES = ["A 1 m S9500 90.00 111111111 2025-08-04 22", "B 1 n S9542 9.00 111111111"]


def test_another_rule_that_still_stands_is_demanded_alone(decide: Decide, export: Export) -> None:
    out = export(decide(TWO_RULES, f"A 1 {NO_DRUG} overturned"), "--format", "csv")
    row = csv_rows(out / "providers" / PROVIDER / "lines.csv")[0]
    assert (row["demanded_amount"], row["other_rules"]) == ("90.00", "")
    assert row["rule_title"] == "Per diem or home visit at a place that is no home"
    assert not (out / "providers" / PROVIDER / "not_demanded.csv").exists()


def test_a_closed_rule_is_not_said_to_have_found_the_line_too(decide: Decide, export: Export) -> None:
    out = export(decide(TWO_RULES, f"A 1 {PLACE} overturned"), "--format", "csv")
    row = csv_rows(out / "providers" / PROVIDER / "lines.csv")[0]
    assert (row["demanded_amount"], row["rule_title"], row["other_rules"]) == ("90.00", "Per diem without its drug", "")


def test_what_was_recovered_under_one_rule_is_not_demanded_under_the_other(decide: Decide, export: Export) -> None:
    run = decide(TWO_RULES, f"A 1 {NO_DRUG} recovered 90.00")
    out = export(run, "--format", "csv")
    assert ("A", "1") not in _demanded(out)
    assert _not_demanded(out)["A", "1"] == [("90.00", RECOVERED)]
    assert _ties_out(out, run)["recovered_amount"] == "90.00"


def test_items_stay_out_of_the_demand_where_reviewers_overturned_their_per_diem(decide: Decide, export: Export) -> None:
    """The run's own amounts call them contingent; that the per diem is overpaid is no longer said."""
    run = decide(CONTINGENT, f"A 1 {NO_DRUG} overturned")
    out = export(run, "--format", "csv")
    assert _demanded(out) == {("B", "1"): "7.00"}
    (left_out,) = _not_demanded(out)["A", "2"]
    assert left_out == ("200.00", "not demanded because it is not certain enough to be demanded")
    assert _not_demanded(out)["A", "1"] == [("90.00", OVERTURNED)]
    assert _ties_out(out, run)["contingent_amount"] == "200.00"


# A per diem without its drug and the item that it includes, a claim each: the per diem's place and units, and what
# reviewers said of the missing drug → whether a notice may still say that the per diem is overpaid in full. Another
# finding of a part of it (D), or a lead of all of it (E), does not say so.
STILL_FOUND = {
    "A": ("12 1", "upheld", True),
    "B": ("12 1", "recovered 90.00", True),
    "C": ("12 1", "written_off", False),
    "D": ("12 2", "overturned", False),
    "E": ("11 1", "overturned", False),
    "F": ("22 1", "overturned", True),
}


def test_that_the_per_diem_is_overpaid_is_said_while_a_finding_says_so(decide: Decide, export: Export) -> None:
    rows = ["D 3 mD S9500 45.00 111111111 2025-08-05"]  # a unit that would follow, so that two on one day are too many
    for claim, (where, _, _) in STILL_FOUND.items():
        rows += [f"{claim} 1 m{claim} S9500 90.00 111111111 2025-08-04 {where}",
                 f"{claim} 2 m{claim} A4222 200.00 111111111"]  # fmt: skip
    run = decide(rows, *(f"{claim} 1 {NO_DRUG} {disposition}" for claim, (_, disposition, _) in STILL_FOUND.items()))
    out = export(run, "--format", "csv")
    told = (
        "not demanded because the per diem that includes it is itself found overpaid in full: both cannot be taken back"
    )
    untold = "not demanded because it is not certain enough to be demanded"
    left_out = _not_demanded(out)
    assert {claim: left_out[claim, "2"] for claim in STILL_FOUND} == {
        claim: [("200.00", told if is_told else untold)] for claim, (_, _, is_told) in STILL_FOUND.items()
    }
    assert _ties_out(out, run)["contingent_amount"] == "1200.00"


def test_the_front_counts_items_of_an_overpaid_per_diem_apart_from_those_that_are_not_certain(
    decide: Decide, export: Export
) -> None:
    others = ["C 1 o S9500 80.00 111111111", "C 2 o A4222 50.00 111111111"]
    out = export(decide([*CONTINGENT, *others], f"C 1 {NO_DRUG} overturned"))
    front = {row[0]: row[4] for row in opened(out / "providers" / f"{PROVIDER}.xlsx")["Summary"].values}
    told = "Not demanded: a per diem that includes the item is itself found overpaid in full (1 line)"
    assert (front[told], front["Not demanded: it is not certain enough to be demanded (1 line)"]) == (200, 50)


def test_a_contingent_item_that_reviewers_closed_is_told_as_closed(decide: Decide, export: Export) -> None:
    run = decide(CONTINGENT, f"A 2 {SUPPLY} overturned")
    out = export(run, "--format", "csv")
    assert _demanded(out) == {("A", "1"): "90.00", ("B", "1"): "7.00"}
    assert _not_demanded(out) == {("A", "2"): [("200.00", OVERTURNED)]}
    _ties_out(out, run)


def test_a_closed_lead_is_no_open_question_and_asks_for_no_record(decide: Decide, export: Export) -> None:
    rows = [*SUPPLIES, "X 1 mA A4927 12.00 111111111", "Y 1 mB A4927 13.00 111111111"]
    everything = ("--format", "csv", "--with-review", "--records-request")
    run = decide(rows, f"X 1 {SUPPLY} overturned", f"A 3 {SUPPLY} overturned")
    out = export(run, *everything)
    assert [row["claim_id"] for row in csv_rows(out / "providers" / PROVIDER / "leads.csv")] == ["Y"]
    asked = csv_rows(out / "providers" / f"{PROVIDER}_records_request" / "records_request.csv")
    assert {row["claim_id"] for row in asked} == set("BCDEFY")
    assert (manifest(out)["totals"]["review_line_count"], manifest(out)["totals"]["review_amount"]) == (1, "13.00")


def test_what_was_recovered_on_a_line_is_no_open_question_any_more(decide: Decide, export: Export) -> None:
    """Of P, Q and R 45.00 of 90.00 are overpaid, and their place may make all of it so."""
    rows = [*SUPPLIES, "X 1 mA A4927 12.00 111111111", "Y 1 mB A4927 13.00 111111111"]
    for claim in "PQR":
        rows += [f"{claim} 1 m{claim} S9500 90.00 111111111 2025-08-04 11 2",
                 f"{claim} 2 m{claim} J0690 30.00 111111111",
                 f"{claim} 3 m{claim} S9500 45.00 111111111 2025-08-05"]  # fmt: skip
    run = decide(rows, f"X 1 {SUPPLY} recovered 5.00", f"P 1 {UNITS} recovered 60.00", f"Q 1 {PLACE} recovered 45.00")
    out = export(run, "--format", "csv", "--with-review")
    leads = csv_rows(out / "providers" / PROVIDER / "leads.csv")
    assert {row["claim_id"]: row["review_amount"] for row in leads} == {
        "X": "7.00", "Y": "13.00", "P": "30.00", "Q": "45.00", "R": "45.00",
    }  # fmt: skip
    _ties_out(out, run)


def test_a_finding_that_changed_after_it_was_closed_is_demanded_again(
    decide: Decide, audit: Callable[..., Path], export: Export
) -> None:
    """Raised again: it is another amount than reviewers decided on."""
    decide(SUPPLIES, f"A 3 {SUPPLY} overturned", f"C 3 {SUPPLY} recovered 10.00")
    changed = [row.replace("A4222 10.00", "A4222 12.00") if row[0] in "AC" else row for row in SUPPLIES]
    run = audit(changed, name="changed")
    out = export(run, "--format", "csv")
    assert (_demanded(out)["A", "3"], _demanded(out)["C", "3"]) == ("12.00", "2.00")
    _ties_out(out, run)


def test_where_reviewers_closed_everything_nothing_is_exported(
    decide: Decide, refused: Callable[..., str], tmp_path: Path
) -> None:
    run = decide(CONTINGENT[2:], f"B 1 {SUPPLY} overturned")
    said = refused(str(run), "--out", str(tmp_path / "out"))
    assert "Nothing was exported" in said and "closed by reviewers" in said


@pytest.mark.parametrize("words", [(), ("--no-ledger",)])
def test_a_run_that_knows_of_no_decision_says_so(
    audit: Callable[..., Path], export: Export, words: tuple[str, ...]
) -> None:
    said = [text for text in manifest(export(audit(SUPPLIES, *words)))["cautions"] if "without a ledger" in text]
    assert [text.split(":")[0] for text in said] == ["The run was made without a ledger"] * len(words)
