"""Which claims replace or void, and which claim they name, where the fields that say so are blank or fillers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rule_cases import parse_table
from tests.test_final_action import staged_lines

CASES = {
    "the type of bill says that it replaces or voids, where the frequency is not given": (
        """
        claim_id | claim_frequency_code | bill_type_code | original_claim_id | paid_amount
        A        |                      | 131            |                   | 10.00
        B        |                      | 0137           | A                 | 20.00
        C        |                      | 111            |                   | 30.00
        D        |                      | 118            | C                 | 30.00
        E        |                      | 131            |                   | 40.00
        F        | 1                    | 137            | E                 | 50.00
        G        |                      | 18             | E                 | 60.00
        """,
        """
        claim_id | paid_amount
        B        | 20.00
        E        | 40.00
        F        | 50.00
        G        | 60.00
        """,
    ),
    "replacements that name zeros or nines name no claim that is known, and are no rivals": (
        """
        claim_id | claim_frequency_code | original_claim_id | paid_amount | paid_date
        A        | 7                    | 000000            | 10.00       | 2025-09-01
        B        | 7                    | 000000            | 20.00       | 2025-09-02
        C        | 7                    | 0                 | 30.00       | 2025-09-02
        D        | 7                    | 99999             | 40.00       | 2025-09-03
        E        | 7                    | 99999             | 50.00       | 2025-09-04
        F        | 8                    | 0                 | 60.00       | 2025-09-04
        """,
        """
        claim_id | paid_amount
        A        | 10.00
        B        | 20.00
        C        | 30.00
        D        | 40.00
        E        | 50.00
        """,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_case(name: str, tmp_path: Path) -> None:
    given, expect = (parse_table(table) for table in CASES[name])
    found = [
        {"claim_id": line["claim_id"], "paid_amount": line["paid_amount"]} for line in staged_lines(given, tmp_path)
    ]
    assert found == expect
