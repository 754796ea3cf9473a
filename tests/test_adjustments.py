"""Final action on the untidy histories that payers deliver: odd chains, odd twins, odd order of rows."""

from __future__ import annotations

import pytest

from tests.rule_cases import parse_table
from tests.staged_claims import staged_lines

# Rows as given → the claim lines that stay, as `claim line paid allowed units`.
CASES: dict[str, tuple[str, list[str]]] = {
    "a long chain in any order of rows": (
        """
        claim_id | claim_frequency_code | original_claim_id | paid_amount
        C        | 7                    | B                 | 30.00
        A        | 1                    |                   | 10.00
        D        | 7                    | C                 | 40.00
        B        | 7                    | A                 | 20.00
        """,
        ["D 1 40.00 40.00 1.000"],
    ),
    "every link names the first claim: the last paid stays": (
        """
        claim_id | claim_frequency_code | original_claim_id | paid_amount | paid_date
        A        | 1                    |                   | 10.00       | 2025-09-01
        B        | 7                    | A                 | 20.00       | 2025-09-02
        C        | 7                    | A                 | 30.00       | 2025-09-03
        """,
        ["C 1 30.00 30.00 1.000"],
    ),
    "the later of two replacements was voided: nothing stays": (
        """
        claim_id | claim_frequency_code | original_claim_id | paid_amount | paid_date
        A        | 1                    |                   | 10.00       | 2025-09-01
        B        | 7                    | A                 | 20.00       | 2025-09-02
        C        | 7                    | A                 | 30.00       | 2025-09-03
        D        | 8                    | C                 | 30.00       | 2025-09-04
        """,
        [],
    ),
    "a latest paid date on any line decides": (
        """
        claim_id | claim_line_number | claim_frequency_code | original_claim_id | paid_amount | paid_date
        B        | 1                 | 7                    | A                 | 20.00       | 2025-09-02
        B        | 2                 | 7                    | A                 | 21.00       | 2025-09-09
        C        | 1                 | 7                    | A                 | 30.00       | 2025-09-08
        """,
        ["B 1 20.00 20.00 1.000", "B 2 21.00 21.00 1.000"],
    ),
    "the code stands on one line of the claim, the original on another": (
        """
        claim_id | claim_line_number | claim_frequency_code | original_claim_id | paid_amount
        A        | 1                 | 1                    |                   | 10.00
        B        | 1                 | 7                    |                   | 20.00
        B        | 2                 |                      | A                 | 21.00
        """,
        ["B 1 20.00 20.00 1.000", "B 2 21.00 21.00 1.000"],
    ),
    "a claim that names another without being a replacement removes nothing": (
        """
        claim_id | claim_frequency_code | original_claim_id | paid_amount
        A        | 1                    |                   | 10.00
        B        | 1                    | A                 | 20.00
        C        |                      | A                 | 30.00
        """,
        ["A 1 10.00 10.00 1.000", "B 1 20.00 20.00 1.000", "C 1 30.00 30.00 1.000"],
    ),
    "an original that is not in the file": (
        """
        claim_id | claim_frequency_code | original_claim_id | paid_amount
        B        | 7                    | Z                 | 20.00
        C        | 8                    | Y                 | 30.00
        """,
        ["B 1 20.00 20.00 1.000"],
    ),
    "a void that names itself drops itself, a replacement that names itself stays": (
        """
        claim_id | claim_frequency_code | original_claim_id | paid_amount
        A        | 8                    | A                 | 10.00
        B        | 7                    | B                 | 20.00
        """,
        ["B 1 20.00 20.00 1.000"],
    ),
    "codes as spreadsheets write them": (
        """
        claim_id | claim_frequency_code | original_claim_id | paid_amount
        100      | 01                   |                   | 10.00
        101      | 7.0                  | 100.0             | 20.00
        102.0    | 08                   | 101               | 20.00
        """,
        [],
    ),
    "a denied row, then the paid one": (
        """
        claim_id | claim_line_status | paid_amount | allowed_amount | paid_date
        A        | denied            | 0.00        | 0.00           | 2025-09-01
        A        | paid              | 10.00       | 12.00          | 2025-09-02
        """,
        ["A 1 10.00 12.00 1.000"],
    ),
    "paid, taken back, paid anew": (
        """
        claim_id | paid_amount | service_unit_quantity | paid_date
        A        | 10.00       | 1                     | 2025-09-01
        A        | -10.00      | -1                    | 2025-09-02
        A        | 8.00        | 1                     | 2025-09-02
        """,
        ["A 1 8.00 8.00 1.000"],
    ),
    "a reversal of which only the money is written as negative takes its units back too": (
        """
        claim_id | paid_amount | service_unit_quantity | paid_date
        A        | 700.00      | 7                     | 2025-09-01
        A        | -700.00     | 7                     | 2025-09-02
        A        | 650.00      | 7                     | 2025-09-02
        """,
        ["A 1 650.00 650.00 7.000"],
    ),
    "the same where the file has no allowed amounts but 0": (
        """
        claim_id | claim_line_number | paid_amount | allowed_amount | service_unit_quantity | paid_date
        A        | 1                 | 700.00      | 0.00           | 7                     | 2025-09-01
        A        | 1                 | -700.00     | 0.00           | 7                     | 2025-09-02
        A        | 1                 | 650.00      | 0.00           | 7                     | 2025-09-02
        A        | 2                 | 700.00      | 0.00           | 7                     | 2025-09-01
        A        | 2                 | -700.00     | 0.00           | -7                    | 2025-09-02
        A        | 2                 | 650.00      | 0.00           | 7                     | 2025-09-02
        A        | 3                 | 700.00      | 0.00           | 7                     | 2025-09-01
        A        | 3                 | -50.00      | 0.00           | 0                     | 2025-09-02
        A        | 4                 | 700.00      | 0.00           | 7                     | 2025-09-01
        A        | 4                 | 650.00      | 0.00           | 7                     | 2025-09-02
        """,
        [
            "A 1 650.00 0.00 7.000",
            "A 2 650.00 0.00 7.000",
            "A 3 650.00 0.00 7.000",
            "A 4 1350.00 0.00 14.000",
        ],
    ),
    "a reversal that leaves the allowed amount out takes the whole line back": (
        """
        claim_id | paid_amount | allowed_amount | service_unit_quantity
        A        | 700.00      | 700.00         | 7
        A        | -700.00     |                | -7
        """,
        [],
    ),
    "paid, taken back without an allowed amount, paid anew: what is allowed is not known": (
        """
        claim_id | paid_amount | allowed_amount | paid_date
        A        | 10.00       | 12.00          | 2025-09-01
        A        | -10.00      |                | 2025-09-02
        A        | 8.00        | 12.00          | 2025-09-02
        """,
        ["A 1 8.00  1.000"],
    ),
    "voided and paid anew under its own id: netted, the last amount stays": (
        """
        claim_id | claim_frequency_code | original_claim_id | paid_amount | service_unit_quantity | paid_date
        A        | 1                    |                   | 70.00       | 56                    | 2025-09-01
        A        | 8                    | A                 | -70.00      | -56                   | 2025-10-01
        A        | 7                    | A                 | 65.00       | 56                    | 2025-10-01
        """,
        ["A 1 65.00 65.00 56.000"],
    ),
    "paid anew and then voided under its own id: nothing stays": (
        """
        claim_id | claim_frequency_code | original_claim_id | paid_amount | paid_date
        A        | 1                    |                   | 70.00       | 2025-09-01
        A        | 7                    | A                 | 65.00       | 2025-10-01
        A        | 8                    | A                 | -65.00      | 2025-10-02
        """,
        [],
    ),
    "a void that takes nothing back by its amount drops its claim, whatever else the claim says": (
        """
        claim_id | claim_frequency_code | original_claim_id | paid_amount | paid_date
        A        | 8                    | A                 | 70.00       | 2025-09-01
        A        | 7                    | A                 | 65.00       | 2025-10-01
        """,
        [],
    ),
    "taken back beyond what was paid": (
        """
        claim_id | paid_amount
        A        | 10.00
        A        | -12.00
        """,
        [],
    ),
    "only the allowed amount was taken back": (
        """
        claim_id | paid_amount | allowed_amount
        A        | 0.00        | 12.00
        A        | 0.00        | -12.00
        """,
        [],
    ),
    "a negative row alone": ("claim_id | paid_amount\nA | -5.00", []),
    "the paid amount was taken back, the allowed one stays: applied to the deductible": (
        """
        claim_id | paid_amount | allowed_amount
        A        | 10.00       | 12.00
        A        | -10.00      | 0.00
        """,
        ["A 1 0.00 12.00 2.000"],
    ),
    "missing amounts and units do not spoil a sum": (
        """
        claim_id | paid_amount | allowed_amount | service_unit_quantity
        A        | 10.00       |                | 2
        A        |             | 3.00           |
        B        |             |                |
        """,
        ["A 1 10.00 3.00 2.000", "B 1 0.00  "],
    ),
    "a row delivered twice is summed": (
        "claim_id | paid_amount\nA | 10.00\nA | 10.00",
        ["A 1 20.00 20.00 2.000"],
    ),
}  # fmt: skip

# Two rows of one line → the value that the line takes. The first row is the one that should win.
TIES = {
    "paid before not paid": ("5.00 | 50.00 | 1 | 2025-09-01 | A4222", "0.00 | 50.00 | 1 | 2025-09-09 | B"),
    "the later paid date": ("5.00 | 5.00 | 1 | 2025-09-02 | S9365", "9.00 | 9.00 | 1 | 2025-09-01 | A4222"),
    "a missing paid date is the earliest": ("5.00 | 5.00 | 1 | 2025-09-02 | S9365", "9.00 | 9.00 | 1 | | A4222"),
    "the higher paid amount": ("9.00 | 5.00 | 1 | 2025-09-02 | S9365", "5.00 | 9.00 | 9 | 2025-09-02 | A4222"),
    "the higher allowed amount": ("9.00 | 9.00 | 1 | 2025-09-02 | S9365", "9.00 | 5.00 | 9 | 2025-09-02 | A4222"),
    "a missing allowed amount is lowest": ("9.00 | 5.00 | 1 | 2025-09-02 | S9365", "9.00 | | 9 | 2025-09-02 | A4222"),
    "the more units": ("9.00 | 9.00 | 2 | 2025-09-02 | S9365", "9.00 | 9.00 | 1 | 2025-09-02 | A4222"),
    "the smaller code": ("9.00 | 9.00 | 1 | 2025-09-02 | A4222", "9.00 | 9.00 | 1 | 2025-09-02 | S9365"),
    "a code before none": ("9.00 | 9.00 | 1 | 2025-09-02 | S9365", "9.00 | 9.00 | 1 | 2025-09-02 | "),
}  # fmt: skip
TIE_HEADER = "claim_id | paid_amount | allowed_amount | service_unit_quantity | paid_date | hcpcs_code"


def _rows(text: str) -> list[dict[str, str]]:
    return parse_table("\n".join(line.strip() for line in text.strip().splitlines()))


def _histories() -> dict[str, list[dict[str, str]]]:
    histories = {name: _rows(given) for name, (given, _) in CASES.items()}
    for name, rows in TIES.items():
        for order in (1, -1):
            lines = [f"A | {row}" for row in rows][::order]
            histories[f"{name} {order}"] = _rows("\n".join([TIE_HEADER, *lines]))
    return histories


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, str]]]:
    """All histories staged as one file; a history's claims begin with its number."""
    names = list(histories := _histories())
    given = [
        {
            **row,
            **{key: f"{names.index(name):03d}{row[key]}" for key in ("claim_id", "original_claim_id") if row.get(key)},
        }
        for name, rows in histories.items()
        for row in rows
    ]
    # A claim without a code that a rule uses is not staged; this line keeps each claim.
    keep = [{"claim_id": claim, "claim_line_number": "9", "paid_amount": "1.00"} for claim in _claims(given)]
    found: dict[str, list[dict[str, str]]] = {name: [] for name in names}
    for line in staged_lines(given + keep, tmp_path_factory.mktemp("staged")):
        if line["claim_line_number"] != "9":
            found[names[int(line["claim_id"][:3])]].append({**line, "claim_id": line["claim_id"][3:]})
    return found


def _claims(rows: list[dict[str, str]]) -> list[str]:
    return sorted({row["claim_id"] for row in rows if not row.get("claim_frequency_code") and "hcpcs_code" in row})


@pytest.mark.parametrize("name", CASES)
def test_what_stays(staged: dict[str, list[dict[str, str]]], name: str) -> None:
    columns = ("claim_id", "claim_line_number", "paid_amount", "allowed_amount", "service_unit_quantity")
    assert [" ".join(line[column] for column in columns) for line in staged[name]] == CASES[name][1]


@pytest.mark.parametrize("order", [1, -1], ids=["first", "last"])
@pytest.mark.parametrize("name", TIES)
def test_which_row_gives_the_other_values(staged: dict[str, list[dict[str, str]]], name: str, order: int) -> None:
    (line,) = staged[f"{name} {order}"]
    assert line["hcpcs_code"] == TIES[name][0].split("|")[-1].strip()
