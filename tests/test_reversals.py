"""Money taken back under another claim id: it frees no line, and everybody who may write a letter is told."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from audit_lib.evidence import Evidence, evidence_for
from audit_lib.reports import recovery_tables
from audit_lib.reports.cautions import cautions
from audit_lib.run import Run
from tests.cells import shown
from tests.evidence_runs import finished_run
from tests.reversal_cases import (
    NAMES_NOTHING,
    NEGATIVE,
    PAID_ANEW,
    PAID_NOBODY,
    PAID_NOTHING,
    PAID_STAY,
    SOMEBODYS_NEGATIVE,
    STAY,
    TAKEN_BACK,
    WEEK,
)
from tests.rule_cases import TYPICAL, parse_table

# Further members of the file, whose cases have tests of their own.
OTHERS = {
    "paid anew": [PAID_ANEW],
    "paid to nobody": [PAID_NOBODY],
    "in a stay": [PAID_STAY, STAY],
    "paid nothing": [PAID_NOTHING, NAMES_NOTHING],
}


def _lines(number: int, *tables: str) -> list[dict[str, str]]:
    rows = []
    for given in (row for table in tables for row in parse_table(table)):
        row = {**TYPICAL, "claim_line_number": "1", "claim_line_start_date": "2025-09-01", "billing_tin": "111111111"}
        row |= {name: "" if value == "none" else value for name, value in given.items() if value}
        row.setdefault("claim_line_end_date", row["claim_line_start_date"])
        row.setdefault("allowed_amount", row["paid_amount"])
        row |= {"claim_id": f"{row['claim_id']}{number:02d}", "member_id": f"m{number}"}
        if "original_claim_id" in row and len(row["original_claim_id"]) == 1:
            row["original_claim_id"] += f"{number:02d}"
        rows.append(row)
    return rows


def _audited(place: Path, rows: list[dict[str, str]]) -> Run:
    columns = sorted({name for row in rows for name in row} - {"provider"} | {"billing_npi"})
    with (place / "claims.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return Run.open(finished_run(place / "claims.csv", place / "run"))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """All these members audited as one file; their claims end with the case's number."""
    rows = [row for number, (table, _) in enumerate(TAKEN_BACK.values()) for row in _lines(number, WEEK, table)]
    for number, tables in enumerate(OTHERS.values(), len(TAKEN_BACK)):
        rows += _lines(number, *tables)
    return _audited(tmp_path_factory.mktemp("reversals"), rows)


@pytest.fixture(scope="module")
def explained(run: Run) -> dict[str, Evidence]:
    """Return the evidence of the finding on line B 1 of each case, and of the payment that was made anew."""
    rows = run.sql("select finding_id, claim_id from findings where claim_line_number = 1 and amount > 0")
    ids = dict(zip(rows["claim_id"], rows["finding_id"], strict=True))
    found = {name: ids[f"B{number:02d}"] for number, name in enumerate(TAKEN_BACK)}
    found["paid anew"] = ids[f"C{len(TAKEN_BACK):02d}"]
    found["paid to nobody"] = ids[f"B{len(TAKEN_BACK) + 1:02d}"]
    found["in a stay"] = ids[f"B{len(TAKEN_BACK) + 2:02d}"]
    evidence = evidence_for(run, list(found.values()))
    return {name: evidence[finding_id] for name, finding_id in found.items()}


@pytest.mark.parametrize("name", TAKEN_BACK)
def test_the_finding_stays_and_its_evidence_says_what_was_taken_back(explained: dict[str, Evidence], name: str) -> None:
    item, number = explained[name], list(TAKEN_BACK).index(name)
    assert (item.finding["outcome"], item.finding["amount"]) == ("overpayment", Decimal("74.00"))
    said = [text for text in item.texts("against") if "may have been taken back already" in text]
    expected = TAKEN_BACK[name][1].format(**{claim: f"Claim {claim}{number:02d}" for claim in "BC"})
    assert [text[: len(expected)] for text in said] == ([expected] if expected else [])
    assert item.texts("against")[: len(said)] == said


def test_a_payment_made_anew_is_found_and_its_proof_doubted(explained: dict[str, Evidence]) -> None:
    item = explained["paid anew"]
    assert (item.finding["rule"], item.finding["amount"]) == ("per_diem_duplicate_day", Decimal("770.00"))
    number = len(TAKEN_BACK)
    assert item.texts("against")[0].startswith(f"Of the line that shows it: Claim B{number:02d}, line 1, {NEGATIVE}")


def test_a_payment_to_nobody_in_particular_is_doubted_too(explained: dict[str, Evidence]) -> None:
    item = explained["paid to nobody"]
    assert (item.finding["rule"], item.finding["amount"]) == ("per_diem_units_exceed_days", Decimal("770.00"))
    assert item.texts("against")[0].startswith(SOMEBODYS_NEGATIVE)


def test_a_stay_that_was_taken_back_is_doubted_as_proof(explained: dict[str, Evidence]) -> None:
    item = explained["in a stay"]
    assert (item.finding["rule"], item.finding["amount"]) == ("per_diem_during_inpatient_stay", Decimal("300.00"))
    assert item.texts("against")[0].startswith(f"Of the line that shows it: A claim of its provider {NEGATIVE}")


def test_of_a_line_that_was_paid_nothing_nothing_was_taken_back(run: Run) -> None:
    claim = f"B{len(TAKEN_BACK) + 3:02d}"
    found = run.sql(f"select finding_id, amount from findings where claim_id = '{claim}'")
    assert list(found["amount"]) == [Decimal("0.00")]
    assert run.sql(f"select * from reversed_findings where finding_id = '{found['finding_id'][0]}'").empty


def test_the_claim_of_somebody_is_named_by_the_run_alone(run: Run, explained: dict[str, Evidence]) -> None:
    number = list(TAKEN_BACK).index("without a provider")
    assert f"C{number:02d}" not in " ".join(explained["without a provider"].texts("against"))
    found = run.sql(f"select * from reversed_findings where reversal_claim_id = 'C{number:02d}'")
    assert list(found["reversal_provider_id"].isna()) == [True]


def test_the_notebook_says_it_too(run: Run, explained: dict[str, Evidence]) -> None:
    finding_id = explained["under an id of its own"].finding_id
    assert any(
        NEGATIVE in getattr(block, "text", "") for block in shown("07_claim_evidence", run.folder, finding=finding_id)
    )


def test_gates_and_the_walk_do_not_call_them_taken_back(run: Run) -> None:
    gates = {gate["gate"]: (gate["line_count"], gate["paid_amount"], gate["title"]) for gate in run.manifest["gates"]}
    assert gates["void_lines"] == (1, "0.00", "Lines taken back in full by a reversal")
    # The line whose allowed amount is not negative stands, and is not among them.
    lines, paid, title = gates["lone_reversals"]
    assert (lines, paid) == (22 + 9, "-10333.98")
    assert title.startswith("Reversals and voids that name no payment of the file")
    assert gates["superseded"][:2] == (4, "0.00")
    walk = recovery_tables.paid_walk(run).set_index("step")
    assert walk.at["lone_reversals", "step_amount"] == Decimal("10333.98")
    assert (walk.at["void_lines", "step_amount"], walk.at["superseded", "step_amount"]) == (0, 0)
    assert walk.at["other_care", "step_amount"] == 0


def test_the_first_page_counts_lines_and_dollars(run: Run) -> None:
    (said,) = [text for text in cautions(run) if "taken back already" in text]
    # Fifteen supplies, the payment made anew, what was paid to nobody in particular, and the days of the stay.
    assert said.startswith("18 lines with $2,950.00 of potential overpayment may have been taken back already")


def test_what_takes_money_back_is_kept_with_the_run(run: Run) -> None:
    kept = run.sql("select kind, count(*) as lines from lone_reversals group by kind order by kind")
    assert list(kept.itertuples(index=False, name=None)) == [("negative_line", 22), ("void", 9)]
    found = run.sql("select distinct reversed_line, kind from reversed_findings order by all")
    assert list(found.itertuples(index=False, name=None)) == [
        ("line", "negative_line"), ("line", "void"), ("related_line", "negative_line"),
    ]  # fmt: skip
