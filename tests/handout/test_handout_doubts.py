"""What speaks against demanded lines: counted for whoever sends the letters, and in no letter."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from audit_lib.cli import main
from audit_lib.handout.doubts import doubt_cautions, doubt_sums, with_doubts
from tests.handout.reading import DAY, Export, all_text, csv_rows, manifest
from tests.rule_cases import parse_table

pytestmark = pytest.mark.usefixtures("evidence_once")

# Each claim is a member: a per diem and a supply beside it. Of F the per diem has no drug, so that the supply is
# contingent and its authorization is none of a demanded line.
LINES = """
    claim_id | claim_line_number | hcpcs_code | paid_amount | billing_tin | authorization_number | other_paid
    A        | 1                 | S9500      | 90.00       | 111111111   |                      |
    A        | 2                 | J0690      | 30.00       | 111111111   |                      |
    A        | 3                 | A4222      | 74.00       | 111111111   | PA-1                 |
    B        | 1                 | S9500      | 90.00       | 111111111   | PA-2                 |
    B        | 2                 | J0690      | 30.00       | 111111111   | PA-2                 |
    B        | 3                 | A4222      | 10.00       | 111111111   |                      |
    C        | 1                 | S9500      | 90.00       | 111111111   |                      | 60.00
    C        | 2                 | J0690      | 30.00       | 111111111   |                      |
    C        | 3                 | A4222      | 20.00       | 111111111   | PA-3                 | 0.00
    D        | 1                 | S9500      | 90.00       | 111111111   |                      |
    D        | 2                 | J0690      | 30.00       | 111111111   |                      |
    D        | 3                 | A4222      | 30.00       | 111111111   |                      |
    E        | 1                 | S9500      | 90.00       | 222222222   |                      |
    E        | 2                 | J0690      | 30.00       | 222222222   |                      |
    E        | 3                 | A4222      | 40.00       | 222222222   |                      |
    F        | 1                 | S9500      | 90.00       | 222222222   |                      |
    F        | 2                 | A4222      | 50.00       | 222222222   | PA-4                 |
    G        | 1                 | S9500      | 90.00       | 333333333   |                      |
    G        | 2                 | J0690      | 30.00       | 333333333   |                      |
    G        | 3                 | A4222      | 60.00       | 333333333   |                      |
    H        | 1                 | A4222      | -60.00      | 333333333   |                      |
"""
# By provider: lines and dollars that anything speaks against, and by kind.
EXPECTED = {
    "111111111": {"doubted": (3, "104.00"), "authorization": (2, "94.00"), "authorization_elsewhere": (1, "10.00"),
                  "other_payer": (1, "20.00"), "taken_back": (0, "0.00")},
    "222222222": {"doubted": (1, "90.00"), "authorization": (0, "0.00"), "authorization_elsewhere": (1, "90.00"),
                  "other_payer": (0, "0.00"), "taken_back": (0, "0.00")},
    "333333333": {"doubted": (1, "60.00"), "authorization": (0, "0.00"), "authorization_elsewhere": (0, "0.00"),
                  "other_payer": (0, "0.00"), "taken_back": (1, "60.00")},
}  # fmt: skip


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("doubts")
    rows = [
        {**row, "other_payer_paid_amount": row["other_paid"], "place_of_service_code": "12",
         "member_id": row["claim_id"].replace("H", "G"), "claim_line_start_date": DAY, "claim_line_end_date": DAY,
         "service_unit_quantity": "1"}
        for row in parse_table(LINES)
    ]  # fmt: skip
    with (place / "claims.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    words = ["run", "--claims", str(place / "claims.csv"), "--out", str(place), "--run-id", "r"]
    assert main([*words, "--no-reports", "--no-quality"]) == 0
    return place / "r"


def _counts(row: dict[str, str]) -> dict[str, tuple[int, str]]:
    kinds = EXPECTED["111111111"]
    return {kind: (int(row[f"{kind}_line_count"]), row[f"{kind}_amount"]) for kind in kinds}


def test_the_overview_counts_demanded_lines_by_what_speaks_against_them(run: Path, export: Export) -> None:
    rows = {row["provider_id"]: row for row in csv_rows(export(run) / "overview.csv")}
    assert {provider: _counts(row) for provider, row in rows.items()} == EXPECTED
    for row in rows.values():
        assert Decimal(row["doubted_amount"]) <= Decimal(row["demanded_amount"])


def test_the_sender_is_told_each_kind_with_its_dollars(
    run: Path, export: Export, capsys: pytest.CaptureFixture[str]
) -> None:
    out = export(run)
    said = capsys.readouterr().out
    for text in (
        "On 5 of the 7 demanded lines ($254.00 of $324.00) the claims themselves hold something",
        "On 2 demanded lines ($94.00) the line carries a prior authorization number",
        "On 2 demanded lines ($100.00) another line of the claim carries a prior authorization number",
        "On 1 demanded line ($20.00) another payer paid first on other lines of the claim",
        "On 1 demanded line ($60.00) the payment, or that of the line which shows it, may have been taken back already",
    ):
        assert f"Before you send it: {text}" in said
        assert any(caution.startswith(text) for caution in manifest(out)["cautions"])
    assert "has the same paid amount" not in said
    assert {kind["kind"]: (kind["line_count"], kind["amount"]) for kind in manifest(out)["doubts"]} == {
        "any": (5, "254.00"), "authorization": (2, "94.00"), "authorization elsewhere": (2, "100.00"),
        "other payer": (1, "20.00"), "taken back": (1, "60.00"),
    }  # fmt: skip


def test_nothing_of_it_stands_in_what_a_provider_gets(run: Path, export: Export) -> None:
    out = export(run, "--with-review", "--records-request")
    texts = [all_text(path) for path in sorted((out / "providers").iterdir())]
    assert len(texts) >= 3
    told = ("authorization number", "PA-1", "PA-2", "taken back already", "on other lines", "demanded lines (")
    assert not [doubt for text in texts for doubt in told if doubt in text]


def test_of_a_provider_that_was_not_asked_for_nothing_is_told(run: Path, export: Export) -> None:
    out = export(run, "--provider", "222222222")
    rows = {row["provider_id"]: row for row in csv_rows(out / "overview.csv")}
    assert _counts(rows["222222222"]) == EXPECTED["222222222"]
    assert {name for name in rows["111111111"] if name.startswith("doubted")} == {
        "doubted_line_count", "doubted_amount",
    }  # fmt: skip
    assert {rows["111111111"][name] for name in ("doubted_line_count", "authorization_amount")} == {""}
    (said,) = [text for text in manifest(out)["cautions"] if "speak against" in text]
    assert said.startswith("On 1 of the 2 demanded lines ($90.00 of $130.00) the claims themselves hold")


def test_where_nothing_speaks_against_a_line_nothing_is_said(contingent: Path, export: Export) -> None:
    out = export(contingent)
    assert not [text for text in manifest(out)["cautions"] if "demanded line" in text]
    assert {row["doubted_line_count"] for row in csv_rows(out / "overview.csv")} == {"0"}


def test_a_doubt_without_words_of_its_own_is_counted_by_its_name() -> None:
    rows = [
        {"provider_id": "1", "kind": kind, "line_count": 1, "amount": Decimal("5.00")} for kind in ("any", "a new one")
    ]
    (row,) = with_doubts([{"provider_id": "1"}], rows, [])
    assert (row["a_new_one_line_count"], row["a_new_one_amount"]) == (1, Decimal("5.00"))
    cautions = doubt_cautions(doubt_sums(rows), {"demanded_line_count": 1, "demanded_amount": Decimal("5.00")})
    assert cautions[1:] == ["On 1 demanded line ($5.00) a new one."]
