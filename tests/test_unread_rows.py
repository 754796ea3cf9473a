"""A void or a reversal that could not be read frees no line, and the finding that it may speak of says so."""

from __future__ import annotations

import csv
import re
from decimal import Decimal

import pytest

from audit_lib.evidence import Evidence, evidence_for
from audit_lib.handout.doubts import doubt_cautions
from audit_lib.run import Run
from tests.evidence_runs import finished_run
from tests.rule_cases import parse_table

# Supplies beside per diems: A with its own, B1 on another claim than B; each claim but B's a member.
LINES = """
    claim_id | claim_line_number | member_id | hcpcs_code | paid_amount | claim_frequency_code | original_claim_id
    A        | 1                 | A         | S9500      | 90.00       | 1                    |
    A        | 2                 | A         | J0690      | 30.00       | 1                    |
    A        | 3                 | A         | A4222      | 74.00       | 1                    |
    B        | 1                 | B         | S9500      | 90.00       | 1                    |
    B        | 2                 | B         | J0690      | 30.00       | 1                    |
    B1       | 1                 | B         | A4222      | 20.00       | 1                    |
"""
VOID = "V | 1 | x | A4222 | -194.00 | 8 | {original}"
CUT_OFF = "V,1,x,A4222,-194.00,8,A,2025-09-01"
# By name: rows whose date cannot be read; by claim what its finding says of them.
CASES: dict[str, tuple[list[str], dict[str, str]]] = {
    "none": ([], {}),
    "a void names the claim": ([VOID.format(original="A")], {"A": "claim"}),
    "a void names the claim with blanks around it": ([VOID.format(original="~A~")], {"A": "claim"}),
    "a reversal of the line": (["A | 3 | A | A4222 | -74.00 | 1 |"], {"A": "claim"}),
    "a void names the claim of the per diem": ([VOID.format(original="B")], {"B1": "related"}),
    "a void names another claim": ([VOID.format(original="A1"), VOID.format(original="a")], {}),
    "a record that is cut off": ([CUT_OFF], {"A": "claim"}),
    "several rows": ([VOID.format(original="A"), VOID.format(original="B1"), VOID.format(original="B")],
                     {"A": "claim", "B1": "claim, related"}),
}  # fmt: skip
WORDS = {
    "claim": "A row of the file that could not be read names this claim",
    "related": "A row of the file that could not be read names the claim of the line that shows it",
}


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Evidence]]:
    """By case and claim what is said of the finding; all cases are one file, each with claims of its own."""
    place = tmp_path_factory.mktemp("unread")
    rows, cut_off = [], []
    for number, (unread, _) in enumerate(CASES.values()):
        header = LINES.strip().splitlines()[0]
        bad = parse_table("\n".join([header, *(row for row in unread if row != CUT_OFF)]))
        rows += [_own(row, number) | {"claim_line_start_date": "2025-09-01"} for row in parse_table(LINES)]
        rows += [_own(row, number) | {"claim_line_start_date": "9/1/2025"} for row in bad]
        cut_off += [row.replace(",A,", f",{number}A,") for row in unread if row == CUT_OFF]
    with (place / "claims.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [*rows[0], "billing_tin", "place_of_service_code", "service_unit_quantity"])
        writer.writeheader()
        for row in rows:
            writer.writerow(
                {**row, "billing_tin": "111111111", "place_of_service_code": 12, "service_unit_quantity": 1}
            )
        file.write("".join(f"{row}\n" for row in cut_off))
    run = Run.open(finished_run(place / "claims.csv", place / "run"))
    assert run.manifest["rows"]["rejected"] == sum(len(unread) for unread, _ in CASES.values())
    found = run.sql("select finding_id, claim_id from findings where rule = 'supply_with_per_diem'")
    evidence = evidence_for(run, list(found["finding_id"]))
    said: dict[str, dict[str, Evidence]] = {name: {} for name in CASES}
    for row in found.itertuples():
        said[list(CASES)[int(row.claim_id[0])]][row.claim_id[1:]] = evidence[row.finding_id]
    return said


def _own(row: dict[str, str], number: int) -> dict[str, str]:
    """Return a row with claims and members of its case, and blanks for ~."""
    named = ("claim_id", "member_id", "original_claim_id")
    own = {name: re.sub(r"(\w+)", rf"{number}\1", row[name], count=1).replace("~", "  ") for name in named}
    return row | own


@pytest.mark.parametrize("name", CASES)
def test_a_row_that_could_not_be_read_names_the_claim(explained: dict[str, dict[str, Evidence]], name: str) -> None:
    assert set(explained[name]) == {"A", "B1"}
    for claim, item in explained[name].items():
        details = [detail for detail in CASES[name][1].get(claim, "").split(", ") if detail]
        assert [d.detail for d in item.doubts if d.doubt == "unread row"] == details
        for detail, words in WORDS.items():
            assert sum(words in text for text in item.texts("against")) == (detail in details)


def test_the_sender_is_told() -> None:
    said = doubt_cautions([{"kind": "unread row", "line_count": 2, "amount": Decimal("140.00")}], {})
    assert said[0].startswith("On 2 demanded lines ($140.00) a row that could not be read names the claim")
