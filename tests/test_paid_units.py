"""Of a line's several rows only what was paid, and not taken back, says how many units the plan paid for."""

from __future__ import annotations

import pytest

from tests.rule_cases import parse_table
from tests.staged_claims import staged_lines

HEADER = "claim_line_status | paid_amount | allowed_amount | service_unit_quantity | paid_date"
# The rows of one line → paid and units of the line; nothing where no line stays.
CASES: dict[str, tuple[str, str]] = {
    "a reversal without units takes back the payment of the most units": (
        """
        paid | 50.00  | 50.00  | 8 | 2025-09-20
        paid | 50.00  | 50.00  | 4 | 2025-09-20
        paid | 30.00  | 30.00  | 3 | 2025-09-20
        paid | -50.00 | -50.00 |   | 2025-10-20
        """,
        "80.00 7.000",
    ),
    "a reversal without units takes back the payment without units": (
        """
        paid | 50.00  | 50.00  |   | 2025-09-20
        paid | 50.00  | 50.00  | 4 | 2025-09-20
        paid | 30.00  | 30.00  | 3 | 2025-09-20
        paid | -50.00 | -50.00 |   | 2025-10-20
        """,
        "80.00 7.000",
    ),
    "denied, then paid": (
        """
        denied | 0.00   | 0.00   | 7 | 2025-09-10
        paid   | 770.00 | 770.00 | 7 | 2025-09-20
        """,
        "770.00 7.000",
    ),
    "denied twice, then paid": (
        """
        denied | 0.00   |        | 7 | 2025-09-10
        denied | 0.00   | 0.00   | 7 | 2025-09-12
        paid   | 770.00 | 770.00 | 7 | 2025-09-20
        """,
        "770.00 7.000",
    ),
    "a row of nothing behind the payment, without a status": (
        """
               | 770.00 | 770.00 | 7 | 2025-09-20
               |        |        | 7 | 2025-10-20
        """,
        "770.00 7.000",
    ),
    "denied, then applied to the deductible": (
        """
        denied | 0.00   | 0.00   | 7 | 2025-09-10
        paid   | 0.00   | 770.00 | 7 | 2025-09-20
        """,
        "0.00 7.000",
    ),
    "not decided, then paid": (
        """
        pended | 0.00   | 770.00 | 7 | 2025-09-10
        paid   | 770.00 | 770.00 | 7 | 2025-09-20
        """,
        "770.00 7.000",
    ),
    "the payment alone lacks its units: they are not known": (
        """
        denied | 0.00   | 0.00   | 7 | 2025-09-10
        paid   | 770.00 | 770.00 |   | 2025-09-20
        """,
        "770.00 ",
    ),
    "the denied row was taken back with its units before the payment": (
        """
        denied | 0.00   | 0.00   | 7  | 2025-09-10
        denied | 0.00   | 0.00   | -7 | 2025-09-20
        paid   | 770.00 | 770.00 | 7  | 2025-09-20
        """,
        "770.00 7.000",
    ),
    "units alone are corrected": (
        """
        paid | 770.00 | 770.00 | 14 | 2025-09-20
        paid | 0.00   | 0.00   | -7 | 2025-10-20
        """,
        "770.00 7.000",
    ),
    "nothing was ever paid: the rows are summed": (
        """
        denied | 0.00 | 0.00 | 7 | 2025-09-10
        denied | 0.00 | 0.00 | 7 | 2025-09-20
        """,
        "0.00 14.000",
    ),
    "paid for other units in part: both rows were paid": (
        """
        paid | 770.00 | 770.00 | 7 | 2025-09-20
        paid | 550.00 | 550.00 | 5 | 2025-10-20
        """,
        "1320.00 12.000",
    ),
    "a reversal of no units takes back all, then paid less": (
        """
        paid | 770.00  | 770.00  | 7 | 2025-09-20
        paid | -770.00 | -770.00 | 0 | 2025-10-20
        paid | 700.00  | 700.00  | 7 | 2025-10-20
        """,
        "700.00 7.000",
    ),
    "the same without dates, allowed amounts and the reversal's units": (
        """
        paid | 770.00  | | 7 |
        paid | -770.00 | |   |
        paid | 700.00  | | 7 |
        """,
        "700.00 7.000",
    ),
    "the same amount was paid again": (
        """
        paid | 770.00  | 770.00  | 7 | 2025-09-20
        paid | -770.00 | -770.00 | 0 | 2025-10-20
        paid | 770.00  | 770.00  | 5 | 2025-10-20
        """,
        "770.00 5.000",
    ),
    "taken back twice and paid thrice": (
        """
        paid | 770.00  | 770.00  | 7 | 2025-09-20
        paid | -770.00 | -770.00 |   | 2025-10-20
        paid | 700.00  | 700.00  | 7 | 2025-10-20
        paid | -700.00 | -700.00 | 0 | 2025-11-20
        paid | 650.00  | 650.00  | 7 | 2025-11-20
        """,
        "650.00 7.000",
    ),
    "taken back in two parts": (
        """
        paid | 770.00  | 770.00  | 7 | 2025-09-20
        paid | -400.00 | -400.00 | 0 | 2025-10-20
        paid | -370.00 | -370.00 | 0 | 2025-10-21
        paid | 700.00  | 700.00  | 7 | 2025-10-22
        """,
        "700.00 7.000",
    ),
    "paid anew in two parts": (
        """
        paid | 770.00  | 770.00  | 7 | 2025-09-20
        paid | -770.00 | -770.00 | 0 | 2025-10-20
        paid | 400.00  | 400.00  | 4 | 2025-10-20
        paid | 300.00  | 300.00  | 3 | 2025-10-20
        """,
        "700.00 7.000",
    ),
    "what was paid anew lacks its units: they are not known": (
        """
        paid | 1540.00  | 1540.00  | 14 | 2025-09-20
        paid | -1540.00 | -1540.00 | 0  | 2025-10-20
        paid | 770.00   | 770.00   |    | 2025-10-20
        """,
        "770.00 ",
    ),
    "what was paid anew has more units than days": (
        """
        paid | 770.00  | 770.00  | 7 | 2025-09-20
        paid | -770.00 | -770.00 | 0 | 2025-10-20
        paid | 990.00  | 990.00  | 9 | 2025-10-20
        """,
        "990.00 9.000",
    ),
    "a part of the money is taken back, no service": (
        """
        paid | 770.00 | 770.00 | 7 | 2025-09-20
        paid | -70.00 | -70.00 | 0 | 2025-10-20
        """,
        "700.00 7.000",
    ),
    "the second of two payments is taken back": (
        """
        paid | 770.00  | 770.00  | 7 | 2025-09-20
        paid | 550.00  | 550.00  | 5 | 2025-09-21
        paid | -550.00 | -550.00 | 0 | 2025-10-20
        """,
        "770.00 7.000",
    ),
    "interest is paid and taken back": (
        """
        paid | 770.00 | 770.00 | 7 | 2025-09-20
        paid | 12.50  |        | 0 | 2025-09-21
        paid | -12.50 | -12.50 | 0 | 2025-10-20
        """,
        "770.00 7.000",
    ),
    "the money is taken back and what was allowed stands: the service stands too": (
        """
        paid | 770.00  | 770.00 | 7 | 2025-09-20
        paid | -770.00 | 0.00   | 0 | 2025-10-20
        """,
        "0.00 7.000",
    ),
    "taken back without units and not paid again": (
        """
        paid | 770.00  | 770.00  | 7 | 2025-09-20
        paid | -770.00 | -770.00 | 0 | 2025-10-20
        """,
        "",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """All lines staged as one file, once in the order given and once turned around; each is a claim of its own."""
    given = []
    for number, (rows, _) in enumerate(CASES.values()):
        lines = parse_table("\n".join([HEADER, *(line.strip() for line in rows.strip().splitlines())]))
        for way, ordered in (("A", lines), ("B", lines[::-1])):
            given += [row | {"claim_id": f"{way}{number}", "claim_line_end_date": "2025-08-07"} for row in ordered]
    found: dict[str, list[str]] = {f"{way}{number}": [] for way in "AB" for number in range(len(CASES))}
    for line in staged_lines(given, tmp_path_factory.mktemp("staged")):
        found[line["claim_id"]].append(f"{line['paid_amount']} {line['service_unit_quantity']}")
    return found


@pytest.mark.parametrize("way", ["A", "B"], ids=["in order", "turned around"])
@pytest.mark.parametrize("name", CASES)
def test_units_that_were_paid_and_not_taken_back(staged: dict[str, list[str]], name: str, way: str) -> None:
    expected = CASES[name][1]
    assert staged[f"{way}{list(CASES).index(name)}"] == ([expected] if expected else [])
