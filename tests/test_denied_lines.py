"""Lines that were denied after all, and lines that the plan has not decided: they show what was billed, and no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rule_cases import parse_table
from tests.staged_claims import staged_lines

HEADER = "claim_line_status | paid_amount | allowed_amount | service_unit_quantity | paid_date"
# The rows of one line → paid amount, denied, allowed; nothing where no line stays.
CASES: dict[str, tuple[str, str]] = {
    "an allowed amount is taken back by a row alone": ("paid | 0.00 | -50.00 | 8 | 2025-09-20", ""),
    "paid, and the allowed amount is negative": ("paid | 10.00 | -10.00 | 8 | 2025-09-20", "10.00 False False"),
    "paid, taken back and denied on one day": (
        """
        paid   | 50.00  | 50.00  | 8  | 2025-09-20
        paid   | -50.00 | -50.00 | -8 | 2025-12-20
        denied | 0.00   | 0.00   | 8  | 2025-12-20
        """,
        "0.00 True False",
    ),
    "denied a month after it was taken back, without a status": (
        """
               | 50.00  | 50.00  | 8 | 2025-09-20
               | -50.00 | -50.00 |   | 2025-11-20
               | 0.00   |        | 8 | 2025-12-20
        """,
        "0.00 True False",
    ),
    "nobody knows when": (
        """
        paid   | 50.00  | 50.00  | 8  |
        paid   | -50.00 | -50.00 | -8 |
        denied | 0.00   | 0.00   | 8  |
        """,
        "0.00 True False",
    ),
    "applied to the deductible, taken back and denied": (
        """
        paid   | 0.00 | 50.00  | 8  | 2025-09-20
        paid   | 0.00 | -50.00 | -8 | 2025-12-20
        denied | 0.00 | 0.00   | 8  | 2025-12-20
        """,
        "0.00 True False",
    ),
    "denied first, then paid and taken back: nothing says that it was denied": (
        """
        denied | 0.00   | 0.00   | 8  | 2025-09-10
        paid   | 50.00  | 50.00  | 8  | 2025-09-20
        paid   | -50.00 | -50.00 | -8 | 2025-12-20
        """,
        "",
    ),
    "paid and taken back by a row that calls itself reversed": (
        """
        paid     | 50.00  | 50.00  | 8  | 2025-09-20
        reversed | -50.00 | -50.00 | -8 | 2025-12-20
        """,
        "",
    ),
    "the twin of an unpaid line takes it back: nothing was paid before": (
        """
        denied | 0.00 | 0.00 | 8  | 2025-09-20
        denied | 0.00 | 0.00 | -8 | 2025-09-20
        """,
        "",
    ),
    "the denial was taken back too": (
        """
        paid   | 50.00  | 50.00  | 8  | 2025-09-20
        paid   | -50.00 | -50.00 | -8 | 2025-11-20
        denied | 0.00   | 0.00   | 8  | 2025-11-20
        denied | 0.00   | 0.00   | -8 | 2025-12-20
        """,
        "",
    ),
    "more was taken back than was paid: no line of which money is left over": (
        """
        paid   | 50.00  | 50.00  | 8  | 2025-09-20
        paid   | -60.00 | -60.00 | -8 | 2025-12-20
        denied | 0.00   | 0.00   | 8  | 2025-12-20
        """,
        "",
    ),
    "denied and then paid after all": (
        """
        paid   | 50.00  | 50.00  | 8  | 2025-09-20
        paid   | -50.00 | -50.00 | -8 | 2025-11-20
        denied | 0.00   | 0.00   | 8  | 2025-11-20
        paid   | 40.00  | 40.00  | 8  | 2025-12-20
        """,
        "40.00 False True",
    ),
    "not decided: what it is allowed to cost is no more known than what was paid": (
        "pended | 0.00 | 770.00 | 7 | 2025-09-20",
        "0.00 False False",
    ),
    "not decided, in other words": ("In Process | 0.00 | 770.00 | 7 |", "0.00 False False"),
    "not decided and paid all the same": ("pended | 770.00 | 770.00 | 7 | 2025-09-20", "770.00 False True"),
    "applied to the deductible": ("paid | 0.00 | 770.00 | 7 | 2025-09-20", "0.00 False True"),
    "not decided, then paid": (
        """
        pended | 0.00   | 770.00 | 7 | 2025-09-10
        paid   | 770.00 | 770.00 | 7 | 2025-09-20
        """,
        "770.00 False True",
    ),
    "paid, taken back, and not decided again": (
        """
        paid      | 770.00  | 770.00  | 7  | 2025-09-20
        paid      | -770.00 | -770.00 | -7 | 2025-10-20
        suspended | 0.00    | 770.00  | 7  | 2025-10-20
        """,
        "0.00 True False",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """All lines staged as one file, each a claim of its own, its rows in the order given or turned around."""
    given = []
    for number, (rows, _) in enumerate(CASES.values()):
        lines = parse_table("\n".join([HEADER, *(line.strip() for line in rows.strip().splitlines())]))
        given += [row | {"claim_id": f"A{number}"} for row in lines]
        given += [row | {"claim_id": f"B{number}"} for row in lines[::-1]]
    found: dict[str, list[str]] = {f"{way}{number}": [] for way in "AB" for number in range(len(CASES))}
    for line in staged_lines(given, tmp_path_factory.mktemp("staged")):
        found[line["claim_id"]].append(f"{line['paid_amount']} {line['is_denied']} {line['is_allowed']}")
    return found


@pytest.mark.parametrize("way", ["A", "B"], ids=["in order", "turned around"])
@pytest.mark.parametrize("name", CASES)
def test_what_stays_of_a_line(staged: dict[str, list[str]], name: str, way: str) -> None:
    expected = CASES[name][1]
    assert staged[f"{way}{list(CASES).index(name)}"] == ([expected] if expected else [])


def test_a_denied_line_whose_twin_is_negative_in_its_charge_alone_is_taken_back(tmp_path: Path) -> None:
    columns = "claim_id | paid_amount | charge_amount | service_unit_quantity | paid_date"
    billed = "A | 0.00 | 100.00 | 8 | 2025-09-01"
    assert len(staged_lines(parse_table(f"{columns}\n{billed}"), tmp_path)) == 1
    twin = "A | 0.00 | -100.00 | | 2025-10-01"
    assert staged_lines(parse_table(f"{columns}\n{billed}\n{twin}"), tmp_path) == []
