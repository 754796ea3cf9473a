"""What a ledger goes by where a finding is not seen again: which claim stands instead, and which lines are settled."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.gated_runs import audit, claim

MEDICARE = {"line_of_business": "Medicare Advantage"}
AFTER = {"claim_line_start_date": "2025-09-01"}
TAKEN_BACK = {"paid_amount": "-40.00"}


def _later(name: str, code: str, original: str, paid: str = "2025-09-15", **values: str) -> list[dict[str, str]]:
    return claim(name, claim_frequency_code=code, original_claim_id=original, paid_date=paid, **values)


# Claims, each a per diem (line 1) and a pump (line 2) of August → each claim that another stands for, as `claim, that
# other, whether it was voided, whether the other has a line that the audit speaks of`.
REPLACED: dict[str, tuple[list[dict[str, str]], list[str]]] = {
    "no claim names another": (claim("A") + claim("B"), []),
    "replaced": (claim("A") + _later("B", "7", "A"), ["A B False True"]),
    "voided": (claim("A") + _later("B", "8", "A"), ["A B True False"]),
    "replaced, and the first claim voided after that: what replaced it stands": (
        claim("A") + _later("B", "7", "A", "2025-09-16") + _later("C", "8", "A", "2025-09-20"), ["A B False True"],
    ),
    "voided twice: by the void that was paid last": (
        claim("A") + _later("B", "8", "A", "2025-09-20") + _later("C", "8", "A", "2025-09-18"), ["A B True False"],
    ),
    "voided twice, once without a paid date: by the void that has one": (
        claim("A") + _later("B", "8", "A", "2025-09-20") + _later("C", "8", "A", ""), ["A B True False"],
    ),
    "voided twice on one day: by the highest claim id": (
        claim("A") + _later("B", "8", "A") + _later("C", "8", "A"), ["A C True False"],
    ),
    "replaced twice: by the one of whose branch a claim was paid last, which stands for the other too": (
        claim("A") + _later("B", "7", "A", "2025-09-16") + _later("C", "7", "B", "2025-09-20")
        + _later("D", "7", "A", "2025-09-18"),
        ["A B False False", "B C False True", "D B False False"],
    ),
    "what replaced a replacement stands for it, though neither stands any more": (
        claim("A") + _later("C", "7", "A", "2025-09-16") + _later("D", "7", "C", "2025-09-17")
        + _later("B", "7", "A", "2025-09-20"),
        ["A B False True", "C D False False", "D B False True"],
    ),
    "replaced by a claim of Medicare": (claim("A") + _later("B", "7", "A", **MEDICARE), ["A B False False"]),
    "replaced by a claim outside the period": (claim("A") + _later("B", "7", "A", **AFTER), ["A B False False"]),
    "replaced by a claim with one line in the period": (
        [*claim("A"), _later("B", "7", "A", **AFTER)[0], _later("B", "7", "A")[1]], ["A B False True"],
    ),
    "replaced by a line that was taken back": (
        [*claim("A"), _later("B", "7", "A")[1], _later("B", "7", "A")[1] | TAKEN_BACK], ["A B False True"],
    ),
    "replaced by a line outside the period that was taken back": (
        [*claim("A"), _later("B", "7", "A", **AFTER)[1], _later("B", "7", "A", **AFTER)[1] | TAKEN_BACK],
        ["A B False False"],
    ),
}  # fmt: skip
# Claims → each line on which nothing is paid any more, and why.
SETTLED: dict[str, tuple[list[dict[str, str]], list[str]]] = {
    "paid": (claim("A"), []),
    "denied": (claim("A", claim_line_status="denied"), ["A 1 denied", "A 2 denied"]),
    "denied, of Medicare": (claim("A", claim_line_status="denied", **MEDICARE), []),
    "denied, outside the period": (claim("A", claim_line_status="denied", **AFTER), []),
    "taken back": (claim("A", TAKEN_BACK), ["A 2 reversed"]),
    "taken back, outside the period": (claim("A", TAKEN_BACK, **AFTER), []),
    "taken back in part": (claim("A", {"paid_amount": "-39.99"}), []),
}
CASES = [*REPLACED.values(), *SETTLED.values()]
OWN = ("claim_id", "original_claim_id", "member_id")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All these claims audited as one file, for August; claims and members of a case begin with its number."""
    folder = tmp_path_factory.mktemp("replaced")
    rows = [
        {**row, **{column: f"{number:02d}{row[column]}" for column in OWN if row.get(column)}}
        for number, (given, _) in enumerate(CASES)
        for row in given
    ]
    audit(folder, rows, period_from=date(2025, 8, 1), period_to=date(2025, 8, 31))
    return folder / "r"


def _told(run: Path, table: str, columns: str, number: int) -> list[str]:
    query = f"select {columns} from '{run / table}.parquet' where starts_with(claim_id, '{number:02d}') order by all"
    return [" ".join(str(value).removeprefix(f"{number:02d}") for value in row) for row in duckdb.sql(query).fetchall()]


@pytest.mark.parametrize("name", REPLACED)
def test_which_claim_stands_for_another(name: str, run: Path) -> None:
    columns = "claim_id, replaced_by_claim_id, is_voided, is_in_period"
    assert _told(run, "replaced_claims", columns, list(REPLACED).index(name)) == REPLACED[name][1]


@pytest.mark.parametrize("name", SETTLED)
def test_on_which_lines_nothing_is_paid_any_more(name: str, run: Path) -> None:
    number = len(REPLACED) + list(SETTLED).index(name)
    assert _told(run, "settled_lines", "claim_id, claim_line_number, settled_by", number) == SETTLED[name][1]
